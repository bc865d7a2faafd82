import { defineConfig } from "vite";

// The server embeds what is built. Nothing is inlined as data or script, so that the page's content security policy stays strict.
export default defineConfig({
  build: {
    target: "es2022",
    outDir: "../src/Paramorph.Server/obj/page/files",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
  },
});
