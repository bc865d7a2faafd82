namespace Paramorph.Compiler;

/// <summary>
/// The memory of an executable's results: room that earlier runs were given with their inputs is used again, by size. No more is kept than one
/// run's results take.
/// </summary>
internal sealed class Rooms
{
    private readonly Lock access = new();
    private readonly TensorType[] types;
    private readonly Shelf[] shelves;
    private readonly Shelf?[] inputs;

    /// <summary>Room for the results of a computation.</summary>
    public Rooms(Computation computation)
    {
        types = [.. computation.Outputs.Select(t => t.Type)];
        var bySize = types.GroupBy(t => t.Bytes).ToDictionary(g => g.Key, g => new Shelf(g.Count()));
        shelves = Array.ConvertAll(types, t => bySize[t.Bytes]);
        inputs = [.. computation.Inputs.Select(t => bySize.GetValueOrDefault(t.Type.Bytes))];
    }

    /// <summary>Makes storage for each result.</summary>
    /// <exception cref="EvaluationException">There is no memory for one; none is taken then.</exception>
    public void Take(Span<Storage> results)
    {
        lock (access)
        {
            var taken = 0;
            try
            {
                for (; taken < results.Length; taken++) results[taken] = new(types[taken], shelves[taken].Take());
            }
            catch
            {
                for (var i = 0; i < taken; i++) shelves[i].Keep(results[i].GiveUp());
                throw;
            }
        }
    }

    /// <summary>Takes back what a run that failed was to write.</summary>
    public void Return(ReadOnlySpan<Storage> results)
    {
        lock (access)
            for (var i = 0; i < results.Length; i++) shelves[i].Keep(results[i].GiveUp());
    }

    /// <summary>Ends the first inputs of a run, so that their memory is used again; what the run also got otherwise is left.</summary>
    /// <param name="arguments">All inputs of the run.</param>
    /// <param name="given">How many of them are given.</param>
    /// <param name="constants">Values that the computation holds.</param>
    public void Give(ReadOnlySpan<Storage> arguments, int given, ReadOnlySpan<Storage> constants)
    {
        lock (access)
        {
            for (var i = 0; i < given; i++)
            {
                if (constants.Contains(arguments[i]) || arguments[given..].Contains(arguments[i])) continue;
                var room = arguments[i].GiveUp();
                inputs[i]?.Keep(room);
            }
        }
    }

    /// <summary>Rooms of one size.</summary>
    private sealed class Shelf(int capacity)
    {
        private readonly Storage.Room[] rooms = new Storage.Room[capacity];
        private int count;

        public Storage.Room? Take() => count == 0 ? null : rooms[--count];

        public void Keep(Storage.Room? room)
        {
            if (room is { } one && count < rooms.Length) rooms[count++] = one;
        }
    }
}
