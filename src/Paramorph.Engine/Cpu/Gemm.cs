using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// Products of matrices, cut into blocks that fit the caches and shared out among threads.
/// </summary>
/// <remarks>
/// The order of a sum is fixed: even blocks of at most <see cref="DeepestBlock"/> along the common dimension, each one chain from zero,
/// added to the result in their order. It depends on the depth and does not depend on the number of rows or columns, of threads, or on the way taken: so a row has the same
/// bits alone, in a tile of 64 rows and in 10000. The one exception is a result of one column whose left operand has contiguous rows:
/// there the lanes of a register share out the row, still in an order fixed by the depth alone.
/// <para>Blocking after Van Zee and van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality" (2015).</para>
/// </remarks>
[SkipLocalsInit]
internal sealed unsafe class Gemm<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Terms of a sum that are added up in registers before they enter the result.</summary>
    private const int DeepestBlock = 320;

    /// <summary>Registers in a block of columns: a multiple of every panel width.</summary>
    private const int ColumnBlockRegisters = 24;

    /// <summary>Whole tiles of 8, 6 and 4 rows make up this many.</summary>
    private const int RowUnit = 24;

    /// <summary>Bytes of the left operand that stay in the second-level cache while panels of the right one stream past them.</summary>
    private const int LeftBlockBytes = 144 * 1024;

    /// <summary>Bytes of a right operand that stays in the first-level cache as it lies.</summary>
    private const int InPlaceBytes = 12 * 1024;

    /// <summary>Elements of the right operand that are packed at one go.</summary>
    private const int PackLimit = 4 << 20;

    /// <summary>Multiply-adds that are worth handing to another thread: some microseconds.</summary>
    private const long PieceWork = 256 * 1024;

    /// <summary>Multiply-adds of a product that is shared out at all: to wait for other threads takes as long as some hundred thousand.</summary>
    private const long SharedWork = 4 * PieceWork;

    /// <summary>Elements to be packed that are worth handing to another thread.</summary>
    private const int PackWork = 128 * 1024;

    /// <summary>Pieces that a large product is cut into at least.</summary>
    private const int EnoughPieces = 32;

    /// <summary>A result of at most this many elements, with a long common dimension, is shared out along that dimension.</summary>
    private const int SplitElements = 64 * 64;

    /// <summary>Elements of partial sums that are kept at one time.</summary>
    private const int PartialElements = 1 << 20;

    private readonly GemmKernel<T> kernel;
    private readonly int index;

    private Gemm(GemmKernel<T> kernel, int index)
    {
        this.kernel = kernel;
        this.index = index;
    }

    /// <summary>One for each kernel that this machine can run, the fastest first.</summary>
    public static IReadOnlyList<Gemm<T>> All { get; } = [.. GemmKernel<T>.All.Select((kernel, index) => new Gemm<T>(kernel, index))];

    /// <summary>The fastest.</summary>
    public static Gemm<T> Default => All[0];

    /// <summary>The registers used, for reports.</summary>
    public string Name => kernel.Name;

    private int ColumnBlock => ColumnBlockRegisters * kernel.Lanes;

    private static int RowBlock => LeftBlockBytes / (256 * sizeof(T)) / RowUnit * RowUnit;

    /// <summary>Elements that <see cref="Pack"/> writes.</summary>
    public nint PackedLength(int depth, int columns) => (nint)depth * kernel.RoundUp(columns);

    /// <summary>Columns of a panel, in which packed right operands lie.</summary>
    public int PanelColumns => kernel.PanelColumns;

    /// <summary>
    /// Where <see cref="Pack"/> puts a row of a right operand whose columns are whole panels: its part of the first panel, and the distance from there
    /// to its part of the next.
    /// </summary>
    public (nint Start, nint PanelDistance) PackedRow(int row, int depth, int columns)
    {
        int block = DepthBlock(depth);
        int first = row / block * block;
        return (PackedLength(first, columns) + ((row - first) * PanelColumns), (nint)Math.Min(block, depth - first) * PanelColumns);
    }

    /// <summary>
    /// Copies a right operand into the order in which tiles read it, for <see cref="Product{T}.PackedB"/>. Worth its while as soon as more
    /// than a few rows are multiplied by it. The target is best aligned to 64 bytes.
    /// </summary>
    public void Pack(MatrixView<T> b, int depth, int columns, T* target, WorkerPool? pool = null)
    {
        PackBlocks(b, depth, columns, DepthBlock(depth), target, pool);
    }

    private void PackBlocks(MatrixView<T> b, int depth, int columns, int depthBlock, T* target, WorkerPool? pool)
    {
        PackJob job = new() { Gemm = index, B = b, Depth = depth, Columns = columns, DepthBlock = depthBlock, Target = target };
        int pieces = Ceiling(depth, depthBlock) * Ceiling(columns, ColumnBlock);
        if (pool is null || (long)depth * columns < PackWork)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                PackPiece(&job, piece);
            }
            return;
        }
        pool.Run(pieces, &PackPiece, &job);
    }

    /// <summary>Runs a product, shared out over <paramref name="pool"/> or on the calling thread.</summary>
    public void Multiply(in Product<T> product, WorkerPool? pool = null)
    {
        if (product.Rows <= 0 || product.Columns <= 0)
        {
            return;
        }
        // A vector is not read again, so that each multiply-add takes the time of several.
        if ((long)product.Rows * product.Columns * product.Depth < (product.Columns == 1 ? PieceWork : SharedWork))
        {
            pool = null;
        }
        if (product.PackedB != null)
        {
            MultiplyGrid(product, DepthBlock(product.Depth), pool);
        }
        else if (pool is null && IsOneBlock(product))
        {
            MultiplyBlock(product);
        }
        else if (product.Columns == 1 && product.A.ColumnStride == 1)
        {
            MultiplyVector(product, pool);
        }
        else if (IsTransposedVector(product))
        {
            MultiplyInPlaceOrBlockwise(Transposed(product), pool);
        }
        else if (ReadsInPlace(product) || IsSmallResult(product) || (product.Rows <= RowBlock && pool is not { Threads: > 1 }))
        {
            MultiplyInPlaceOrBlockwise(product, pool);
        }
        else
        {
            PackAndMultiply(product, pool);
        }
    }

    /// <summary>
    /// Runs <paramref name="count"/> products of one shape whose operands follow one another at fixed distances, in elements; a distance of
    /// zero shares an operand.
    /// </summary>
    public void MultiplyBatch(in Product<T> first, int count, nint aDistance, nint bDistance, nint cDistance, WorkerPool? pool = null)
    {
        Product<T> local = first;
        long work = Math.Max(1, (long)first.Rows * first.Columns * first.Depth);
        BatchJob job = new() { Gemm = index, First = &local, Count = count, A = aDistance, B = bDistance, C = cDistance };
        job.PerPiece = (int)Math.Clamp(Ceiling(PieceWork, work), 1, Math.Max(1, count));
        int pieces = Ceiling(count, job.PerPiece);
        if (pool is null)
        {
            job.PerPiece = count;
            BatchPiece(&job, 0);
            return;
        }
        pool.Run(pieces, &BatchPiece, &job);
    }

    private static int Ceiling(int value, int unit) => (value + unit - 1) / unit;

    /// <summary>The depth of the blocks that sums of so many terms are cut into; the last may be shorter.</summary>
    private static int DepthBlock(int depth) => depth == 0 ? 1 : Ceiling(Ceiling(depth, Ceiling(depth, DeepestBlock)), 8) * 8;

    private static long Ceiling(long value, long unit) => (value + unit - 1) / unit;

    /// <summary>
    /// Whether rows of the right operand are read where they lie: when so few rows are multiplied that packing would not pay, or when they
    /// lie nearly as close together as packing would bring them.
    /// </summary>
    private static bool ReadsInPlace(in Product<T> product)
    {
        nint bytes = product.B.RowStride * sizeof(T);
        return product.B.ColumnStride == 1 && bytes > 0
            && (product.Rows <= 12 || (product.Rows <= 2 * RowUnit && (bytes <= 128 || bytes * product.Depth <= InPlaceBytes)));
    }

    /// <summary>Whether nothing needs to be cut or copied but, maybe, the right operand.</summary>
    private bool IsOneBlock(in Product<T> product) =>
        product.Columns > 1 && product.Columns <= ColumnBlock && product.Rows <= RowBlock && product.Depth <= DeepestBlock
        && !CopiesLeft(product.Rows, product.Columns, product.Depth);

    /// <summary>Whether it pays to copy the left operand, which brings its rows together for all the panels that read them.</summary>
    private bool CopiesLeft(int rows, int columns, int depth) => columns >= 8 * kernel.Lanes && depth >= 64 && rows > 12;

    private static bool IsSmallResult(in Product<T> product) =>
        (long)product.Rows * product.Columns <= SplitElements && product.Depth > DeepestBlock;

    private static bool IsTransposedVector(in Product<T> product) =>
        product.Columns == 1 && product.A.RowStride == 1 && product.CStride == 1 && product.Epilogue.Bias == null && product.Epilogue.Function == null;

    /// <summary>A product with one column, as the one with one row: its columns then fill registers.</summary>
    private static Product<T> Transposed(in Product<T> product)
    {
        Product<T> transposed = product;
        (transposed.Rows, transposed.Columns) = (product.Columns, product.Rows);
        (transposed.A, transposed.B) = (product.B.Transposed, product.A.Transposed);
        transposed.CStride = product.Rows;
        return transposed;
    }

    private void PackAndMultiply(in Product<T> product, WorkerPool? pool)
    {
        int depthBlock = DepthBlock(product.Depth);
        int columnChunk = Math.Min(product.Columns, PackLimit / depthBlock / ColumnBlock * ColumnBlock);
        int depthChunk = PackLimit / kernel.RoundUp(columnChunk) / depthBlock * depthBlock;
        using Scratch.Frame frame = Scratch.Open();
        T* packed = frame.Take<T>(PackedLength(Math.Min(product.Depth, depthChunk), columnChunk));
        for (int column = 0; column < product.Columns; column += columnChunk)
        {
            Product<T> strip = product.FromColumn(column, Math.Min(columnChunk, product.Columns - column));
            int first = 0;
            do
            {
                Product<T> part = strip.FromDepth(first, Math.Min(depthChunk, product.Depth - first));
                PackBlocks(part.B, part.Depth, part.Columns, depthBlock, packed, pool);
                part.PackedB = packed;
                MultiplyGrid(part, depthBlock, pool);
                first += depthChunk;
            }
            while (first < product.Depth);
        }
    }

    private void MultiplyInPlaceOrBlockwise(in Product<T> product, WorkerPool? pool)
    {
        bool isParallel = pool is { Threads: > 1 };
        if (isParallel && product.Depth >= 4 * DeepestBlock && (long)product.Rows * product.Columns <= SplitElements)
        {
            MultiplySplit(product, pool!);
        }
        else
        {
            MultiplyGrid(product, DepthBlock(product.Depth), pool);
        }
    }

    /// <summary>Shares out blocks of the result.</summary>
    private void MultiplyGrid(in Product<T> product, int depthBlock, WorkerPool? pool)
    {
        fixed (Product<T>* only = &product)
        {
            if (pool is { Threads: > 1 })
            {
                ShareGrid(only, depthBlock, pool);
                return;
            }
            for (int row = 0; row < product.Rows; row += RowBlock)
            {
                MultiplyPiece(only, depthBlock, 0, product.Depth, row, Math.Min(RowBlock, product.Rows - row), 0, product.Columns);
            }
        }
    }

    private void ShareGrid(Product<T>* product, int depthBlock, WorkerPool pool)
    {
        GridJob job = new() { Gemm = index, Product = product, DepthBlock = depthBlock };
        long rowWork = Math.Max(1, (long)product->Columns * product->Depth);
        int fewest = (int)Math.Min(product->Rows, Ceiling(PieceWork, rowWork));
        int rows = Math.Max(fewest, Math.Min(RowBlock, Ceiling(product->Rows, EnoughPieces)));
        job.RowsPerPiece = Ceiling(rows, RowUnit) * RowUnit;
        int rowPieces = Ceiling(product->Rows, job.RowsPerPiece);
        long pieceWork = rowWork * Math.Min(product->Rows, job.RowsPerPiece);
        int columnPieces = (int)Math.Min(Ceiling(EnoughPieces, rowPieces), pieceWork / PieceWork);
        job.ColumnsPerPiece = Ceiling(Ceiling(product->Columns, Math.Max(1, columnPieces)), ColumnBlock) * ColumnBlock;
        pool.Run(rowPieces * Ceiling(product->Columns, job.ColumnsPerPiece), &GridPiece, &job);
    }

    /// <summary>
    /// Shares out a long common dimension: partial sums of several depth blocks side by side, which then enter the result in their order,
    /// as they would one after the other.
    /// </summary>
    private void MultiplySplit(in Product<T> product, WorkerPool pool)
    {
        int partial = product.Rows * kernel.RoundUp(product.Columns);
        int depthBlock = DepthBlock(product.Depth);
        int blocks = Ceiling(product.Depth, depthBlock);
        int wave = Math.Min(blocks, Math.Max(EnoughPieces, PartialElements / partial));
        using Scratch.Frame frame = Scratch.Open();
        Product<T> local = product;
        SplitJob job = new() { Gemm = index, Product = &local, DepthBlock = depthBlock, Partials = frame.Take<T>((nint)wave * partial) };
        job.BlocksPerPiece = (int)Math.Clamp(PieceWork / ((long)partial * depthBlock), 1, wave);
        for (job.FirstBlock = 0; job.FirstBlock < blocks; job.FirstBlock += wave)
        {
            job.Blocks = Math.Min(wave, blocks - job.FirstBlock);
            pool.Run(Ceiling(job.Blocks, job.BlocksPerPiece), &SplitPiece, &job);
            for (int block = 0; block < job.Blocks; block++)
            {
                bool isFirst = job.FirstBlock + block == 0;
                bool isLast = job.FirstBlock + block == blocks - 1;
                TileTarget<T> target = Target(product, 0, 0, isFirst, isLast);
                kernel.Combine(job.Partials + ((nint)block * partial), product.Rows, product.Columns, &target);
            }
        }
        if (product.Epilogue.Function != null)
        {
            for (int row = 0; row < product.Rows; row++)
            {
                product.Epilogue.Function(
                    product.Epilogue.State, product.C + (row * product.CStride), product.Epilogue.FirstRow + row, product.Epilogue.FirstColumn, product.Columns);
            }
        }
    }

    /// <summary>A matrix times a vector: rows are contiguous, and so becomes the vector.</summary>
    private void MultiplyVector(in Product<T> product, WorkerPool? pool)
    {
        using Scratch.Frame frame = Scratch.Open();
        Product<T> local = product;
        if (product.B.RowStride != 1)
        {
            T* x = frame.Take<T>(product.Depth);
            for (int p = 0; p < product.Depth; p++)
            {
                x[p] = *product.B.At(p, 0);
            }
            local.B = new MatrixView<T>(x, 1);
        }
        int rows = (int)Math.Min(product.Rows, Ceiling(PieceWork / 4, Math.Max(1, product.Depth)));
        GridJob job = new() { Gemm = index, Product = &local, RowsPerPiece = Ceiling(rows, RowUnit) * RowUnit };
        if (pool is null)
        {
            job.RowsPerPiece = product.Rows;
            VectorPiece(&job, 0);
            return;
        }
        pool.Run(Ceiling(product.Rows, job.RowsPerPiece), &VectorPiece, &job);
    }

    /// <summary>A product that is one block, without the loops around blocks.</summary>
    private void MultiplyBlock(in Product<T> product)
    {
        using Scratch.Frame frame = Scratch.Open();
        T* right = frame.Take<T>(PackedLength(product.Depth, product.Columns));
        ProductBlock<T> block = default;
        (block.Rows, block.Columns, block.Depth, block.A) = (product.Rows, product.Columns, product.Depth, product.A);
        block.Target = Target(product, 0, 0, true, true);
        block.Target.Spill = frame.Take<byte>(TileTarget<T>.SpillBytes);
        block.Epilogue = product.Epilogue;
        fixed (Product<T>* only = &product)
        {
            SetRight(only, 0, 0, right, &block);
        }
        kernel.Multiply(&block);
    }

    /// <summary>One block of the result over a range of the common dimension.</summary>
    private void MultiplyPiece(Product<T>* product, int depthBlock, int start, int end, int row, int rows, int column, int columns)
    {
        using Scratch.Frame frame = Scratch.Open();
        int deepest = Math.Min(end - start, depthBlock);
        bool copiesLeft = CopiesLeft(rows, columns, deepest);
        T* left = copiesLeft ? frame.Take<T>(Panels.PackedLeftLength<T>(rows, deepest)) : null;
        T* right = product->PackedB != null ? null : frame.Take<T>(PackedLength(deepest, Math.Min(columns, ColumnBlock)));
        void* spill = frame.Take<byte>(TileTarget<T>.SpillBytes);
        ProductBlock<T> block = default;
        block.Rows = rows;
        int first = start;
        do
        {
            int depth = Math.Min(depthBlock, end - first);
            bool isLast = first + depth == end;
            block.Depth = depth;
            block.A = product->A.From(row, first);
            if (copiesLeft)
            {
                block.A = Panels.PackLeft(block.A, rows, depth, left);
            }
            for (int j = column; j < column + columns; j += ColumnBlock)
            {
                block.Columns = Math.Min(ColumnBlock, column + columns - j);
                block.Target = Target(*product, row, j, first == start, isLast);
                block.Target.Spill = spill;
                SetRight(product, first, j, right, &block);
                SetEpilogue(product, row, j, isLast, &block);
                kernel.Multiply(&block);
            }
            first += depth;
        }
        while (first < end);
    }

    private static TileTarget<T> Target(in Product<T> product, int row, int column, bool isFirst, bool isLast) => new()
    {
        C = product.C + (row * product.CStride) + column,
        Stride = product.CStride,
        Adds = !isFirst || product.Adds,
        Bias = isLast && product.Epilogue.Bias != null ? product.Epilogue.Bias + column : null,
    };

    private static void SetEpilogue(Product<T>* product, int row, int column, bool isLast, ProductBlock<T>* block)
    {
        block->Epilogue.Function = isLast ? product->Epilogue.Function : null;
        block->Epilogue.State = product->Epilogue.State;
        block->Epilogue.FirstRow = product->Epilogue.FirstRow + row;
        block->Epilogue.FirstColumn = product->Epilogue.FirstColumn + column;
    }

    /// <summary>Where the block's part of the right operand is read from: packed before, packed now, or in place.</summary>
    private void SetRight(Product<T>* product, int first, int column, T* right, ProductBlock<T>* block)
    {
        block->BTail = null;
        block->BRow = 0;
        if (product->PackedB != null)
        {
            block->B = product->PackedB + PackedLength(first, product->Columns) + ((nint)column * block->Depth);
            return;
        }
        MatrixView<T> b = product->B.From(first, column);
        if (!ReadsInPlace(*product))
        {
            kernel.Pack(b, block->Depth, block->Columns, right);
            block->B = right;
            return;
        }
        block->B = b.Data;
        block->BRow = b.RowStride;
        // The last panel reads whole registers and so the start of the next row, where there is one.
        int padded = kernel.RoundUp(block->Columns);
        T* end = product->B.At(product->Depth - 1, product->Columns);
        if (padded != block->Columns && b.At(block->Depth - 1, padded) > end)
        {
            int panel = kernel.LastPanel(block->Columns);
            kernel.Pack(b.From(0, panel), block->Depth, block->Columns - panel, right);
            block->BTail = right;
        }
    }

    private static void PackPiece(void* state, int piece)
    {
        PackJob* job = (PackJob*)state;
        Gemm<T> gemm = All[job->Gemm];
        (int block, int strip) = Math.DivRem(piece, Ceiling(job->Columns, gemm.ColumnBlock));
        int first = block * job->DepthBlock;
        int column = strip * gemm.ColumnBlock;
        int depth = Math.Min(job->DepthBlock, job->Depth - first);
        T* target = job->Target + gemm.PackedLength(first, job->Columns) + ((nint)column * depth);
        gemm.kernel.Pack(job->B.From(first, column), depth, Math.Min(gemm.ColumnBlock, job->Columns - column), target);
    }

    private static void GridPiece(void* state, int piece)
    {
        GridJob* job = (GridJob*)state;
        (int rowPiece, int columnPiece) = Math.DivRem(piece, Ceiling(job->Product->Columns, job->ColumnsPerPiece));
        int row = rowPiece * job->RowsPerPiece;
        int end = Math.Min(row + job->RowsPerPiece, job->Product->Rows);
        int column = columnPiece * job->ColumnsPerPiece;
        int columns = Math.Min(job->ColumnsPerPiece, job->Product->Columns - column);
        for (; row < end; row += RowBlock)
        {
            All[job->Gemm].MultiplyPiece(job->Product, job->DepthBlock, 0, job->Product->Depth, row, Math.Min(RowBlock, end - row), column, columns);
        }
    }

    private static void SplitPiece(void* state, int piece)
    {
        SplitJob* job = (SplitJob*)state;
        Gemm<T> gemm = All[job->Gemm];
        Product<T>* product = job->Product;
        int padded = gemm.kernel.RoundUp(product->Columns);
        int end = Math.Min(job->Blocks, (piece + 1) * job->BlocksPerPiece);
        for (int block = piece * job->BlocksPerPiece; block < end; block++)
        {
            int first = (job->FirstBlock + block) * job->DepthBlock;
            Product<T> part = *product;
            part.C = job->Partials + ((nint)block * product->Rows * padded);
            part.CStride = padded;
            part.Adds = false;
            part.Epilogue = default;
            gemm.MultiplyPiece(&part, job->DepthBlock, first, Math.Min(first + job->DepthBlock, product->Depth), 0, part.Rows, 0, part.Columns);
        }
    }

    private static void VectorPiece(void* state, int piece)
    {
        GridJob* job = (GridJob*)state;
        Product<T>* product = job->Product;
        int row = piece * job->RowsPerPiece;
        int rows = Math.Min(job->RowsPerPiece, product->Rows - row);
        TileTarget<T> target = Target(*product, row, 0, true, true);
        All[job->Gemm].kernel.Dot(rows, product->Depth, product->A.At(row, 0), product->A.RowStride, product->B.Data, &target);
        Epilogue<T> epilogue = product->Epilogue;
        for (int i = row; epilogue.Function != null && i < row + rows; i++)
        {
            epilogue.Function(epilogue.State, product->C + (i * product->CStride), epilogue.FirstRow + i, epilogue.FirstColumn, 1);
        }
    }

    private static void BatchPiece(void* state, int piece)
    {
        BatchJob* job = (BatchJob*)state;
        int end = Math.Min(job->Count, (piece + 1) * job->PerPiece);
        for (int i = piece * job->PerPiece; i < end; i++)
        {
            Product<T> product = *job->First;
            product.A = new MatrixView<T>(product.A.Data + (i * job->A), product.A.RowStride, product.A.ColumnStride);
            product.B = new MatrixView<T>(product.B.Data + (i * job->B), product.B.RowStride, product.B.ColumnStride);
            product.C += i * job->C;
            All[job->Gemm].Multiply(product);
        }
    }

    private struct PackJob
    {
        public int Gemm;
        public int DepthBlock;
        public MatrixView<T> B;
        public int Depth;
        public int Columns;
        public T* Target;
    }

    private struct GridJob
    {
        public int Gemm;
        public int DepthBlock;
        public Product<T>* Product;
        public int RowsPerPiece;
        public int ColumnsPerPiece;
    }

    private struct SplitJob
    {
        public int Gemm;
        public int DepthBlock;
        public Product<T>* Product;
        public T* Partials;
        public int FirstBlock;
        public int Blocks;
        public int BlocksPerPiece;
    }

    private struct BatchJob
    {
        public int Gemm;
        public Product<T>* First;
        public int Count;
        public int PerPiece;
        public nint A;
        public nint B;
        public nint C;
    }
}
