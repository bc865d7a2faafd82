#!/usr/bin/env bash
# .NET 10: DOTNET_EnableAVX512F=0, which turned AVX-512 off before, does nothing and says nothing.
#
# Expected: the variable that .NET 8 and 9 know by the name of the instruction
# set (AVX512F) turns vectors of 512 bits off, so that the path for 256 bits can
# be tested on a processor that has both.
# Instead: with the .NET 10 runtime it is ignored, and Vector512 stays
# accelerated; the switch is DOTNET_EnableAVX512=0 now. A test matrix that was
# written for .NET 8 goes on passing, and tests one path twice.
#
# Needs the .NET 10 SDK and a processor with AVX-512. Exit status: 0 the
# behaviour is as described, 1 it changed, 2 the probe could not be built, 3 the
# processor has no AVX-512, so nothing was seen.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > probe.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
</Project>
PROJECT

cat > Program.cs <<'PROGRAM'
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

Console.WriteLine($"{Environment.Version} Vector512 {Vector512.IsHardwareAccelerated} Avx512F {Avx512F.IsSupported} Avx2 {Avx2.IsSupported}");
PROGRAM

dotnet build -c Release -v quiet --nologo > build.log 2>&1 || { cat build.log; exit 2; }
probe() { env "$@" dotnet bin/Release/net10.0/probe.dll; }

plain=$(probe)
before=$(probe DOTNET_EnableAVX512F=0)
now=$(probe DOTNET_EnableAVX512=0)
echo "nothing set:            $plain"
echo "DOTNET_EnableAVX512F=0: $before"
echo "DOTNET_EnableAVX512=0:  $now"
[[ $plain == *"Avx512F True"* ]] || { echo "this processor has no AVX-512: nothing can be seen here"; exit 3; }
[[ $before == "$plain" && $now == *"Avx512F False Avx2 True"* ]] || { echo "the behaviour changed"; exit 1; }
echo "as described"
