using Paramorph.Server;

namespace Paramorph.Web.Tests;

/// <summary>Where papers stand on the map.</summary>
public sealed class PaperMapTests
{
    [Fact]
    public void What_is_near_in_meaning_stands_near_whatever_its_family_and_the_map_is_the_same_each_time()
    {
        // Three clusters of sixty; families cut across them, so that nothing but the cosines tells them apart.
        const int Clusters = 3, Size = 60;
        double[][] cosines = [.. Enumerable.Range(0, Clusters * Size).Select(i => Enumerable.Range(0, Clusters * Size).Select(j => i == j ? 1 : i / Size == j / Size ? 0.9 : 0.1).ToArray())];
        int[] families = [.. Enumerable.Range(0, Clusters * Size).Select(i => i % 4)];
        var places = PaperMap.Of(cosines, families);
        Assert.Equal(places, PaperMap.Of(cosines, families));
        Assert.All(places, place => Assert.True(place is { X: >= 0 and <= 1, Y: >= 0 and <= 1 }));
        double Distance(int i, int j) => Math.Sqrt(Math.Pow(places[i].X - places[j].X, 2) + Math.Pow(places[i].Y - places[j].Y, 2));
        var pairs = Enumerable.Range(0, Clusters * Size).SelectMany(i => Enumerable.Range(0, i).Select(j => (i, j))).ToArray();
        var (within, between) = (pairs.Where(pair => pair.i / Size == pair.j / Size).Average(pair => Distance(pair.i, pair.j)), pairs.Where(pair => pair.i / Size != pair.j / Size).Average(pair => Distance(pair.i, pair.j)));
        Assert.True(within < between / 3, $"{within} within a cluster, {between} between them");
    }
}
