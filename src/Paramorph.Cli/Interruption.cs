using System.Runtime.InteropServices;

namespace Paramorph.Cli;

/// <summary>An interrupt or a request to end stops work in an orderly way, and a second one at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource cancel = new();
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration end;

    public Interruption()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    /// <summary>Stops the work.</summary>
    public CancellationToken Token => cancel.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        interrupt.Dispose();
        end.Dispose();
        cancel.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        if (cancel.IsCancellationRequested) return;
        signal.Cancel = true;
        cancel.Cancel();
    }
}
