using System.Security.Cryptography;
using Paramorph.Parameters;

namespace Paramorph.Tests.Parameters;

public sealed class ParameterHashTests
{
    [Fact]
    public void It_is_that_of_paths_types_and_elements()
    {
        byte[] bytes = [5, .. "item1"u8, 6, .. "f32[2]"u8, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f), 5, .. "item2"u8, 5, .. "i32[]"u8, .. BitConverter.GetBytes(7)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), ParameterHash.Of(new TreePair<Tensor, Tensor>(Tensor.From(1f, -2f), Tensor.Scalar(7))));
    }

    [Fact]
    public void Names_types_shapes_and_signs_of_zero_count()
    {
        string Of(Tensor tensor) => ParameterHash.Of(new TreePair<Tensor, Tensor>(tensor, Tensor.Scalar(1f)));
        Tensor[] different = [Tensor.From(0f, 1f), Tensor.From(-0f, 1f), Tensor.From(0f, 1f).Reshape(1, 2), Tensor.From(0.0, 1.0)];
        Assert.Equal(different.Length, different.Select(Of).Distinct().Count());
        string Named(string name) => ParameterHash.Of(new TreeDictionary<Tensor>([KeyValuePair.Create(name, different[0])]));
        Assert.NotEqual(Named("a"), Named("b"));
        Assert.Equal(Of(Tensor.From(0f, 1f)), Of(Tensor.Arange(2).AsType(ElementType.Float32)));
    }
}
