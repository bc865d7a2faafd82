namespace Paramorph.Layers;

/// <summary>Runs recurrent cells along sequences [batch..., time, features].</summary>
public static class Recurrent
{
    /// <summary>All outputs and the last state of a cell along a sequence.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="x">[batch..., time, inputs].</param>
    /// <param name="initial">The state before the first step; that of <see cref="IRecurrentCell{TState}.Start"/> when null.</param>
    /// <param name="mask">
    /// bool [batch..., time], of padded sequences: where it is false the state stays as it was and the output is 0;
    /// <see cref="SequenceMask"/> makes it of lengths.
    /// </param>
    /// <param name="isReverse">Whether steps go from the last element to the first; outputs stay at the places of their inputs.</param>
    /// <returns>The outputs [batch..., time, hidden], and the state after the last step.</returns>
    /// <exception cref="ShapeException">The input is no sequence, or the mask does not fit it.</exception>
    public static (Tensor Outputs, TState Last) Run<TState>(
        IRecurrentCell<TState> cell, Tensor x, TState? initial = default, Tensor? mask = null, bool isReverse = false)
        where TState : class, ITree<TState>
    {
        if (x.Rank < 2) throw new ShapeException($"recurrent: {x.Type} is no sequence: it must be [batch..., time, features].");
        if (mask is not null && (mask.Shape != x.Shape[..^1] || mask.ElementType != ElementType.Bool))
            throw new ShapeException($"recurrent: the mask {mask.Type} does not fit {x.Type}: it must be bool{x.Shape[..^1]}.");
        var projected = cell.Project(x).MoveAxis(-2, 0);
        // Without a mask there is nothing to choose in a step.
        TreeList<Tensor> slices = mask is null ? [projected] : [projected, mask.MoveAxis(-1, 0).ExpandDims(-1)];
        var (last, outputs) = Control.Scan<TState, TreeList<Tensor>, Tensor>(
            (state, slice) =>
            {
                var next = cell.Next(state, slice[0]);
                if (slice.Count == 1) return (next, cell.Output(next));
                next = Tree.Zip(next, state, (after, before) => Tensor.Where(slice[1], after, before));
                return (next, Tensor.Where(slice[1], cell.Output(next), 0.0));
            },
            initial ?? cell.Start(x.Shape[..^2]), slices, isReverse);
        return (outputs.MoveAxis(0, -2), last);
    }
}
