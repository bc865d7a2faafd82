using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Paramorph.Formats;

/// <summary>
/// The machine of Python's pickles, with the instructions and the few globals that state dictionaries use. None of the globals is code here: a call of one makes a
/// description of a tensor or a plain value, and any other global is refused by its name.
/// </summary>
internal sealed class Unpickler(InputFile file)
{
    private static readonly object Mark = new();

    private static readonly Dictionary<string, StoredType> StorageTypes = new()
    {
        ["torch.FloatStorage"] = StoredType.Float32,
        ["torch.DoubleStorage"] = StoredType.Float64,
        ["torch.HalfStorage"] = StoredType.Float16,
        ["torch.BFloat16Storage"] = StoredType.BFloat16,
        ["torch.LongStorage"] = StoredType.Int64,
        ["torch.IntStorage"] = StoredType.Int32,
        ["torch.ShortStorage"] = StoredType.Int16,
        ["torch.CharStorage"] = StoredType.Int8,
        ["torch.ByteStorage"] = StoredType.UInt8,
        ["torch.BoolStorage"] = StoredType.Bool,
        ["torch.ComplexFloatStorage"] = StoredType.Complex64,
        ["torch.ComplexDoubleStorage"] = StoredType.Complex128,
    };

    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>The value of the next pickle: dictionaries, lists, tuples as arrays, texts, numbers, and <see cref="TorchTensor"/>s.</summary>
    /// <exception cref="UnreadableFileException">The bytes are no pickle, or it asks for what a state dictionary does not need.</exception>
    public object? Read()
    {
        while (true)
        {
            var code = Byte();
            if (code == '.') return Pop();
            Do(code);
        }
    }

    private void Do(byte code)
    {
        switch (code)
        {
            case 0x80: Byte(); break;
            case 0x95: file.Take(8, "the length of a frame"); break;
            case (byte)'(': stack.Add(Mark); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'N': stack.Add(null); break;
            case 0x88: stack.Add(true); break;
            case 0x89: stack.Add(false); break;
            case (byte)'K': stack.Add((long)Byte()); break;
            case (byte)'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(file.Take(2, "a number"))); break;
            case (byte)'J': stack.Add((long)Int32()); break;
            case 0x8a: stack.Add(Whole(Byte())); break;
            case 0x8b: stack.Add(Whole(Int32())); break;
            case (byte)'G': stack.Add(BinaryPrimitives.ReadDoubleBigEndian(file.Take(8, "a number"))); break;
            case (byte)'U' or (byte)'C': stack.Add(Encoding.Latin1.GetString(file.Take(Byte(), "a text"))); break;
            case (byte)'T' or (byte)'B': stack.Add(Encoding.Latin1.GetString(file.Take(Int32(), "a text"))); break;
            case 0x8c: stack.Add(Encoding.UTF8.GetString(file.Take(Byte(), "a text"))); break;
            case (byte)'X': stack.Add(Encoding.UTF8.GetString(file.Take(Int32(), "a text"))); break;
            default: DoWithValues(code); break;
        }
    }

    private void DoWithValues(byte code)
    {
        switch (code)
        {
            case (byte)'}': stack.Add(new OrderedDictionary<object, object?>()); break;
            case (byte)']': stack.Add(new List<object?>()); break;
            case (byte)')': stack.Add(Array.Empty<object?>()); break;
            case (byte)'t': stack.Add(PopToMark()); break;
            case 0x85 or 0x86 or 0x87: stack.Add(PopSome(code - 0x84)); break;
            case (byte)'q': memo[Byte()] = Top(); break;
            case (byte)'r': memo[Int32()] = Top(); break;
            case 0x94: memo[memo.Count] = Top(); break;
            case (byte)'h': stack.Add(Remembered(Byte())); break;
            case (byte)'j': stack.Add(Remembered(Int32())); break;
            case (byte)'c': stack.Add(Global(Line(), Line())); break;
            case 0x93:
                var (name, module) = (Pop() as string, Pop() as string);
                stack.Add(Global(module ?? "", name ?? ""));
                break;
            case (byte)'R' or 0x81:
                var arguments = Pop() as object?[] ?? throw Damaged("the arguments of a call are no tuple");
                stack.Add(Call(Pop(), arguments));
                break;
            // What is said of a dictionary besides its items, such as the versions of modules, is left out.
            case (byte)'b': Pop(); break;
            case (byte)'Q': stack.Add(Persistent(Pop())); break;
            case (byte)'s': Set(PopSome(2)); break;
            case (byte)'u': Set(PopToMark()); break;
            case (byte)'a': Append(PopSome(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            default: throw Damaged($"there is no instruction {code} that a state dictionary needs");
        }
    }

    private UnreadableFileException Damaged(string problem) => file.ErrorHere($"{problem}: this is no state dictionary of PyTorch, or it is damaged.");

    private byte Byte() => file.Take(1, "an instruction")[0];

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(file.Take(4, "a number"));

    /// <summary>A number of any length: of up to 64 bits as such.</summary>
    private object Whole(int length)
    {
        var value = new BigInteger(file.Take(length, "a number"));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private string Line()
    {
        var bytes = new List<byte>();
        for (var next = Byte(); next != '\n'; next = Byte()) bytes.Add(next);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private object? Top() => stack.Count > 0 ? stack[^1] : throw Damaged("a value is missing");

    private object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopSome(int count)
    {
        if (stack.Count < count) throw Damaged("a value is missing");
        object?[] values = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = stack.LastIndexOf(Mark);
        if (mark < 0) throw Damaged("a mark is missing");
        var values = PopSome(stack.Count - mark - 1);
        Pop();
        return values;
    }

    private object? Remembered(long index) => memo.TryGetValue(index, out var value) ? value : throw Damaged($"value {index} has not been stored");

    private void Set(object?[] pairs)
    {
        if (Top() is not OrderedDictionary<object, object?> dictionary || pairs.Length % 2 != 0) throw Damaged("items are set of what is no dictionary");
        for (var i = 0; i < pairs.Length; i += 2)
            dictionary[pairs[i] is string or long or bool or double ? pairs[i]! : throw Damaged("a key is neither text nor number")] = pairs[i + 1];
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw Damaged("items are added to what is no list");
        list.AddRange(items);
    }

    private Known Global(string module, string name) => $"{module}.{name}" is var global && (StorageTypes.ContainsKey(global) || Known.Names.Contains(global))
        ? new(global)
        : throw file.ErrorHere($"the file asks for the global '{global}', which no state dictionary of tensors needs: save model.state_dict() instead of the model.");

    /// <summary>A tuple that names a storage: the word, the type, the key, the device and the number of elements.</summary>
    private TorchStorage Persistent(object? id)
    {
        if (id is not object?[] { Length: >= 5 } parts || parts[0] is not "storage" || parts[1] is not Known known || parts[2] is not string key)
            throw Damaged("a reference names no storage");
        if (!StorageTypes.TryGetValue(known.Name, out var type)) throw file.ErrorHere($"a storage is of the type '{known.Name}', of which no tensor is.");
        // In older files a storage may be a part of another one.
        return parts.Length < 6 || parts[5] is null
            ? new(type, key)
            : throw file.ErrorHere($"the storage '{key}' is a view of another one: save the file again with a newer version of PyTorch.");
    }

    private object? Call(object? function, object?[] x)
    {
        switch ((function as Known)?.Name)
        {
            case "collections.OrderedDict":
                var dictionary = new OrderedDictionary<object, object?>();
                if (x is [List<object?> items])
                    foreach (var item in items)
                        if (item is object?[] or List<object?> && (item is object?[] pair ? pair : [.. (List<object?>)item]) is [{ } key, var value]) dictionary[key] = value;
                return dictionary;
            case "torch.Size":
                return x is [object?[] given] ? given : x;
            case "torch._utils._rebuild_parameter" when x is [TorchTensor parameter, ..]:
                return parameter;
            case "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" when x is [TorchStorage storage, long offset, object?[] sizes, object?[] strides, ..]:
                return new TorchTensor(storage, offset, Longs(sizes), Longs(strides));
            default:
                throw Damaged("a call is of no function that state dictionaries use, or has other arguments");
        }
    }

    private long[] Longs(object?[] values) => Array.ConvertAll(values, value => value is long number ? number : throw Damaged("a size is no whole number"));

    /// <summary>A global that is known by its name.</summary>
    private sealed record Known(string Name)
    {
        public static readonly HashSet<string> Names =
            ["collections.OrderedDict", "torch.Size", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter"];
    }
}
