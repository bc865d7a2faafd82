const kinds = ["auto", "light", "dark"] as const;
const marks = { auto: "◐", light: "☀", dark: "☾" };

function read(): (typeof kinds)[number] {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

/** A button that goes from the system's theme to the light and the dark one. */
export function themeSwitch(button: HTMLButtonElement): void {
  function tell(): void {
    const theme = read();
    button.textContent = marks[theme];
    button.setAttribute("aria-label", `Theme: ${theme}. Change it.`);
    button.title = `Theme: ${theme}`;
  }
  button.addEventListener("click", () => {
    const next = kinds[(kinds.indexOf(read()) + 1) % kinds.length]!;
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // It is then forgotten when the page is left.
    }
    tell();
  });
  tell();
}
