namespace Paramorph.Formats;

/// <summary>A stream that stays open when its reader is done.</summary>
/// <param name="inner">The stream.</param>
internal sealed class UnownedStream(Stream inner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => inner.Read(buffer);
}
