using System.Text;

namespace Paramorph;

/// <summary>The path of the scope that a walk is in.</summary>
internal sealed class TreePath
{
    private readonly StringBuilder text = new();
    private readonly Stack<int> starts = new();

    public void Enter(PathSegment segment)
    {
        starts.Push(text.Length);
        segment.AppendTo(text);
    }

    public void Exit() => text.Length = starts.Pop();

    public override string ToString() => text.ToString();
}
