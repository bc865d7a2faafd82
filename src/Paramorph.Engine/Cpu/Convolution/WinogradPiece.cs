using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>Rows of tiles that are worked on together: some of one image, or all of several.</summary>
/// <param name="Image">The first image.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Row">The first row of each.</param>
/// <param name="Rows">Number of rows of each.</param>
internal readonly record struct WinogradPiece(int Image, int Images, int Row, int Rows);

/// <summary>How images are cut into pieces, and where their tiles go: those of each image from a whole vector on.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Rows">Rows of tiles of an image.</param>
/// <param name="Columns">Tiles in a row.</param>
/// <param name="Together">About so many tiles make a piece.</param>
internal readonly record struct WinogradCut(int Images, int Rows, int Columns, int Together)
{
    /// <summary>Points at which the numbers of a tile are multiplied.</summary>
    public const int Points = 36;

    /// <summary>The number of pieces.</summary>
    public int Pieces => PiecesPerImage > 1 ? Images * PiecesPerImage : Ceiling(Images, ImagesTogether);

    /// <summary>Rows of an image that are worked on together.</summary>
    public int RowsTogether => Ceiling(Rows, PiecesPerImage);

    /// <summary>Numbers from a row of tiles to the next where lanes hold elements of the given size.</summary>
    public static int RowLength<T>(int columns) => columns % Vector<T>.Count == 0 ? columns : columns + 1;

    /// <summary>The most tiles of a piece.</summary>
    public int Tiles<T>() => ImagesTogether * ImageTiles<T>(RowsTogether);

    /// <summary>Places for the tiles of rows of an image.</summary>
    public int ImageTiles<T>(int rows) => Ceiling(rows * RowLength<T>(Columns), Vector<T>.Count) * Vector<T>.Count;

    public WinogradPiece Piece(int index)
    {
        if (PiecesPerImage == 1)
        {
            var first = index * ImagesTogether;
            return new(first, Math.Min(ImagesTogether, Images - first), 0, Rows);
        }
        var (image, part) = Math.DivRem(index, PiecesPerImage);
        var row = part * RowsTogether;
        return new(image, 1, row, Math.Min(RowsTogether, Rows - row));
    }

    private int PiecesPerImage => Ceiling(Rows, Math.Clamp(Ceiling(Together, Columns), 1, Rows));

    private int ImagesTogether => PiecesPerImage > 1 ? 1 : Math.Clamp(Together / (Rows * Columns), 1, Images);

    private static int Ceiling(int value, int unit) => (value + unit - 1) / unit;
}

/// <summary>Where transformed tiles go: point p of tile t to <c>Data[p * Distance + t / Panel * PanelDistance + t % Panel]</c>.</summary>
internal readonly unsafe struct WinogradTarget<T>(T* data, nint distance, int panel, nint panelDistance)
    where T : unmanaged
{
    /// <summary>Numbers from one point to the next.</summary>
    public nint Distance => distance;

    /// <summary>The first point of a tile.</summary>
    public T* At(int tile) => data + tile / panel * panelDistance + tile % panel;
}
