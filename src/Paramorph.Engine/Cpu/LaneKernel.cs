using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Paramorph.Cpu;

/// <summary>The product kernel for one kind of vector register.</summary>
[SkipLocalsInit]
internal sealed unsafe class LaneKernel<TLanes, TVector, T>(string name) : GemmKernel<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>Whole tiles of 8, 6 and 4 rows fit into so many, and with common depths they stay in the first-level cache.</summary>
    private const int RowChunk = 24;

    /// <summary>A right operand of at most this size stays in the first-level cache while rows stream past it.</summary>
    private const int SmallPanels = 24 * 1024;

    private const int CacheLine = 64;

    public override string Name => name;

    public override int Lanes => TLanes.Count;

    public override int PanelColumns => BestWidth * TLanes.Count;

    /// <summary>Registers in a row of the tile that computes the most for what it reads.</summary>
    private static int BestWidth => TLanes.HasManyRegisters ? 3 : 2;

    public override void Multiply(ProductBlock<T>* block)
    {
        bool small = block->Depth * RoundUp(block->Columns) * sizeof(T) <= SmallPanels;
        int chunk = small ? RowChunk : block->Rows;
        for (int row = 0; row < block->Rows; row += chunk)
        {
            int rows = Math.Min(chunk, block->Rows - row);
            int width;
            for (int column = 0; column < block->Columns; column += width * TLanes.Count)
            {
                width = PanelWidth(block->Columns - column);
                MultiplyPanel(block, row, rows, column, width);
            }
            if (block->Epilogue.Function != null)
            {
                Finish(block, row, rows);
            }
        }
    }

    public override void Pack(MatrixView<T> source, int depth, int columns, T* target)
    {
        // Where columns are what lies together, they are read in one go: short pieces of many columns come one by one from afar.
        int length = source.ColumnStride == 1 ? Panels.Strip : depth;
        for (int top = 0; top < depth; top += length)
        {
            int rows = Math.Min(length, depth - top);
            int width;
            for (int column = 0; column < columns; column += width)
            {
                width = PanelWidth(columns - column) * TLanes.Count;
                T* strip = target + ((nint)column * depth) + ((nint)top * width);
                Panels.Pack<TLanes, TVector, T>(source.From(top, column), rows, Math.Min(width, columns - column), width, strip);
            }
        }
    }

    public override int LastPanel(int columns)
    {
        int column = 0;
        while (true)
        {
            int width = PanelWidth(columns - column) * TLanes.Count;
            if (column + width >= columns)
            {
                return column;
            }
            column += width;
        }
    }

    /// <summary>Registers in the panel that starts where so many columns are left: as near to the best tile as leaves no single register over.</summary>
    private static int PanelWidth(int columns)
    {
        int registers = (columns + TLanes.Count - 1) / TLanes.Count;
        return registers <= 3 ? registers
            : registers == 4 ? 2
            : BestWidth;
    }

    private static void MultiplyPanel(ProductBlock<T>* block, int row, int rows, int column, int width)
    {
        int columns = Math.Min(block->Columns - column, width * TLanes.Count);
        bool last = column + columns == block->Columns;
        nint bStep = block->BRow;
        T* b = block->B + column;
        if (bStep == 0 || (last && block->BTail != null))
        {
            b = bStep == 0 ? block->B + ((nint)column * block->Depth) : block->BTail;
            bStep = width * TLanes.Count;
        }
        switch (width)
        {
            case 1:
                MultiplyRows<Eight, One>(block, row, rows, column, columns, b, bStep);
                break;
            case 2 when TLanes.HasManyRegisters:
                MultiplyRows<Eight, Two>(block, row, rows, column, columns, b, bStep);
                break;
            case 2:
                MultiplyRows<Six, Two>(block, row, rows, column, columns, b, bStep);
                break;
            case 3 when TLanes.HasManyRegisters:
                MultiplyRows<Eight, Three>(block, row, rows, column, columns, b, bStep);
                break;
            default:
                MultiplyRows<Four, Three>(block, row, rows, column, columns, b, bStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRows<TRows, TWidth>(ProductBlock<T>* block, int row, int rows, int column, int columns, T* b, nint bStep)
        where TRows : IConstant
        where TWidth : IConstant
    {
        TileTarget<T>* target = &block->Target;
        T* c = target->C + (row * target->Stride) + column;
        T* bias = target->Bias + column;
        byte* a = (byte*)block->A.At(row, 0);
        nint aRow = block->A.RowStride * sizeof(T);
        nint aStep = block->A.ColumnStride * sizeof(T);
        // Packed panels follow one another: each tile asks for its share of the next panel, which comes from afar.
        nint panel = (nint)columns * block->Depth * sizeof(T);
        byte* next = (byte*)b + panel;
        nint share = Sse.IsSupported && block->BRow == 0 && rows >= 2 * TRows.Value ? panel / (rows / TRows.Value) : 0;
        bStep *= sizeof(T);
        // Rows that would be left for a small tile, in which sums wait for one another, are shared with the last full one.
        while (rows >= (2 * TRows.Value) - 1 || rows == TRows.Value)
        {
            for (nint i = 0; i < share; i += CacheLine)
            {
                Sse.Prefetch0(next + i);
            }
            next += share;
            Tile<TLanes, TVector, T>.Multiply<TRows, TWidth>(block->Depth, a, aRow, aStep, (byte*)b, bStep, target, c, bias, columns);
            a += TRows.Value * aRow;
            c += TRows.Value * target->Stride;
            rows -= TRows.Value;
        }
        if (rows > TRows.Value)
        {
            int half = (rows + 1) / 2;
            MultiplyRest<TWidth>(half, block->Depth, a, aRow, aStep, (byte*)b, bStep, target, c, bias, columns);
            a += half * aRow;
            c += half * target->Stride;
            rows -= half;
        }
        MultiplyRest<TWidth>(rows, block->Depth, a, aRow, aStep, (byte*)b, bStep, target, c, bias, columns);
    }

    private static void MultiplyRest<TWidth>(
        int rows, nint depth, byte* a, nint aRow, nint aStep, byte* b, nint bStep, TileTarget<T>* target, T* c, T* bias, int columns)
        where TWidth : IConstant
    {
        switch (rows)
        {
            case 1:
                Tile<TLanes, TVector, T>.Multiply<One, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
            case 2:
                Tile<TLanes, TVector, T>.Multiply<Two, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
            case 3:
                Tile<TLanes, TVector, T>.Multiply<Three, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
            case 4:
                Tile<TLanes, TVector, T>.Multiply<Four, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
            case 5:
                Tile<TLanes, TVector, T>.Multiply<Five, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
            case 6:
                Tile<TLanes, TVector, T>.Multiply<Six, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
            case 7:
                Tile<TLanes, TVector, T>.Multiply<Seven, TWidth>(depth, a, aRow, aStep, b, bStep, target, c, bias, columns);
                break;
        }
    }

    private static void Finish(ProductBlock<T>* block, int row, int rows)
    {
        ref readonly Epilogue<T> epilogue = ref block->Epilogue;
        for (int i = row; i < row + rows; i++)
        {
            T* segment = block->Target.C + (i * block->Target.Stride);
            epilogue.Function(epilogue.State, segment, epilogue.FirstRow + i, epilogue.FirstColumn, block->Columns);
        }
    }

    public override void Dot(int rows, int depth, T* a, nint aRow, T* x, TileTarget<T>* target) =>
        RowDots<TLanes, TVector, T>.Multiply(rows, depth, a, aRow, x, target);

    public override void Combine(T* sums, int rows, int columns, TileTarget<T>* target) =>
        Tile<TLanes, TVector, T>.StoreSums((TVector*)sums, rows, RoundUp(columns) / TLanes.Count, target, target->C, target->Bias, columns);
}
