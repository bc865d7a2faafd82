using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Paramorph.Server;

/// <summary>The list of runs, in a file of SQLite: what waits, what runs and what has ended survives the server.</summary>
internal sealed class RunStore : IDisposable
{
    private const string Columns = "id, kind, subject, title, state, arguments, created, began, ended, message, outcome";

    private readonly SqliteConnection connection;
    private readonly Lock one = new();

    /// <summary>Opens the list of a folder, in which what was running when the server ended is marked as interrupted.</summary>
    public RunStore(string folder)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "page.db"), Pooling = false }.ToString());
        connection.Open();
        Do(
            """
            create table if not exists runs (
                id integer primary key autoincrement, kind text not null, subject text not null, title text not null, state text not null, arguments text not null,
                created text not null, began text, ended text, message text, outcome text)
            """);
        Do("update runs set state = 'Interrupted' where state = 'Running'");
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>Adds a run that waits.</summary>
    /// <exception cref="ServerException">Too many wait.</exception>
    public Run Add(RunKind kind, string subject, string title, IReadOnlyList<string> arguments)
    {
        lock (one)
        {
            if (Waiting().Length >= Limits.WaitingRuns) throw new ServerException($"{Limits.WaitingRuns} runs wait already: stop some, or let them end.", 429);
            using var command = Command(
                "insert into runs (kind, subject, title, state, arguments, created) values ($kind, $subject, $title, 'Queued', $arguments, $now) returning id",
                ("$kind", kind.ToString()), ("$subject", subject), ("$title", title), ("$arguments", JsonSerializer.Serialize([.. arguments], ServerJson.Default.StringArray)), ("$now", Now()));
            return Find((long)command.ExecuteScalar()!)!;
        }
    }

    /// <summary>The run of a number, or null.</summary>
    public Run? Find(long id)
    {
        lock (one) return Read($"select {Columns} from runs where id = $id", ("$id", id)).SingleOrDefault();
    }

    /// <summary>All runs, the newest first.</summary>
    public IReadOnlyList<Run> All()
    {
        lock (one)
        {
            var waiting = Waiting();
            return [.. Read($"select {Columns} from runs order by id desc limit 1000").Select(run => Array.IndexOf(waiting, run.Id) is >= 0 and var place ? run with { Place = place + 1 } : run)];
        }
    }

    /// <summary>The run that has waited longest, which from now on runs; null where none waits.</summary>
    public Run? Begin()
    {
        lock (one)
        {
            if (Waiting() is not [var id, ..]) return null;
            Do("update runs set state = 'Running', began = $now, ended = null, message = null where id = $id", ("$now", Now()), ("$id", id));
            return Find(id);
        }
    }

    /// <summary>Keeps how a run ended.</summary>
    public void End(long id, RunState state, string? message, string? outcome)
    {
        lock (one)
        {
            Do("update runs set state = $state, ended = $now, message = $message, outcome = $outcome where id = $id",
                ("$state", state.ToString()), ("$now", Now()), ("$message", message), ("$outcome", outcome), ("$id", id));
        }
    }

    /// <summary>Makes a run that does not wait any more one that does, or the other way round; false where its state is another.</summary>
    public bool Change(long id, RunState to, params ReadOnlySpan<RunState> from)
    {
        lock (one)
        {
            if (Find(id) is not { } run || !from.Contains(run.State)) return false;
            Do("update runs set state = $state, message = null where id = $id", ("$state", to.ToString()), ("$id", id));
            return true;
        }
    }

    /// <summary>Forgets a run that neither waits nor runs; false where it does.</summary>
    public bool Remove(long id)
    {
        lock (one)
        {
            if (Find(id) is not { State: not (RunState.Queued or RunState.Running) }) return false;
            Do("delete from runs where id = $id", ("$id", id));
            return true;
        }
    }

    private long[] Waiting()
    {
        using var command = Command("select id from runs where state = 'Queued' order by id");
        using var reader = command.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read()) ids.Add(reader.GetInt64(0));
        return [.. ids];
    }

    private List<Run> Read(string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(text, values);
        using var reader = command.ExecuteReader();
        var runs = new List<Run>();
        while (reader.Read())
        {
            runs.Add(new(
                reader.GetInt64(0), Enum.Parse<RunKind>(reader.GetString(1)), reader.GetString(2), reader.GetString(3), Enum.Parse<RunState>(reader.GetString(4)),
                JsonSerializer.Deserialize(reader.GetString(5), ServerJson.Default.StringArray)!, Time(reader.GetString(6)))
            {
                Began = reader.IsDBNull(7) ? null : Time(reader.GetString(7)),
                Ended = reader.IsDBNull(8) ? null : Time(reader.GetString(8)),
                Message = reader.IsDBNull(9) ? null : reader.GetString(9),
                Outcome = reader.IsDBNull(10) ? null : reader.GetString(10),
            });
        }
        return runs;
    }

    private void Do(string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(text, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static string Now() => DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
