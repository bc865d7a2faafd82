#!/usr/bin/env bash
# System.Text.Json of .NET 10: a property { get; init; } = [] that the JSON leaves out keeps its initial value when JSON is read by reflection, and is null when it is read by a generated context
# (JsonSerializerContext): the generated reader passes every init-only property to an object initializer, missing ones as default. With { get; set; } both keep the initial value. No warning, and
# nullable annotations say that the property is never null.
# Seen with SDK 10.0.401, runtime 10.0.12. A reader of settings that moves to generated code, as trimming and native compilation ask for, meets it as a NullReferenceException far away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > app.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
</Project>
X
cat > app.cs <<'X'
using System.Text.Json;
using System.Text.Json.Serialization;

string Told(IReadOnlyList<string>? list) => list is null ? "null" : $"{list.Count} items";
Console.WriteLine($"runtime {Environment.Version}");
Console.WriteLine($"reflection, init: {Told(JsonSerializer.Deserialize<WithInit>("{}")!.Names)}");
Console.WriteLine($"generated, init: {Told(JsonSerializer.Deserialize("{}", Context.Default.WithInit)!.Names)}");
Console.WriteLine($"generated, set: {Told(JsonSerializer.Deserialize("{}", Context.Default.WithSet)!.Names)}");

record WithInit { public IReadOnlyList<string> Names { get; init; } = []; }
record WithSet { public IReadOnlyList<string> Names { get; set; } = []; }

[JsonSerializable(typeof(WithInit))]
[JsonSerializable(typeof(WithSet))]
partial class Context : JsonSerializerContext;
X
dotnet run -c Release | tee out.txt
diff <(tail -n +2 out.txt) - <<'X'
reflection, init: 0 items
generated, init: null
generated, set: 0 items
X
echo "as stated"
