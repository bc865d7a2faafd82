using Paramorph.Formats;
using Paramorph.Tests.Formats;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

/// <summary>Models that PyTorch wrote, against what PyTorch and ONNX Runtime make of them.</summary>
public class PyTorchModelTests
{
    private const string Program =
        """
        import torch, torch.nn as nn, numpy as np, warnings
        warnings.filterwarnings("ignore")
        torch.manual_seed(0)
        class Residual(nn.Module):
            def __init__(self, c, d, s):
                super().__init__()
                self.a = nn.Sequential(nn.Conv2d(c, d, 3, s, 1, bias=False), nn.BatchNorm2d(d), nn.ReLU(), nn.Conv2d(d, d, 3, 1, 1, bias=False), nn.BatchNorm2d(d))
                self.b = nn.Sequential(nn.Conv2d(c, d, 1, s, bias=False), nn.BatchNorm2d(d))
            def forward(self, x): return torch.relu(self.a(x) + self.b(x))
        class Inverted(nn.Module):
            def __init__(self, c):
                super().__init__()
                self.a = nn.Sequential(nn.Conv2d(c, 4 * c, 1), nn.BatchNorm2d(4 * c), nn.ReLU6(), nn.Conv2d(4 * c, 4 * c, 3, 1, 1, groups=4 * c), nn.Hardswish(), nn.Conv2d(4 * c, c, 1))
                self.s = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c, c, 1), nn.Hardsigmoid())
            def forward(self, x):
                y = self.a(x)
                return x + y * self.s(y)
        class UNet(nn.Module):
            def __init__(self):
                super().__init__()
                self.d, self.m, self.u = nn.Conv2d(1, 4, 3, 1, 1), nn.Conv2d(4, 8, 3, 1, 1), nn.ConvTranspose2d(8, 4, 2, 2)
                self.o, self.n = nn.Conv2d(8, 1, 1), nn.GroupNorm(2, 4)
            def forward(self, x):
                a = torch.relu(self.n(self.d(x)))
                b = torch.relu(self.m(nn.functional.max_pool2d(a, 2)))
                c = nn.functional.interpolate(self.u(b), size=a.shape[-2:], mode="bilinear", align_corners=False)
                return self.o(torch.cat([a, c], 1))
        class Recurrent(nn.Module):
            def __init__(self, kind):
                super().__init__()
                self.r = kind(3, 5, num_layers=2, bidirectional=True, batch_first=True)
                self.o = nn.Linear(10, 2)
            def forward(self, x): return self.o(self.r(x)[0])
        class Tokens(nn.Module):
            def __init__(self):
                super().__init__()
                self.e, self.p = nn.Embedding(20, 8), nn.Parameter(torch.randn(1, 7, 8))
                self.t = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu", batch_first=True)
                self.n = nn.LayerNorm(8)
                self.register_buffer("mask", torch.triu(torch.full((7, 7), float("-inf")), 1))
            def forward(self, x):
                y = self.e(x) + self.p[:, : x.shape[1]]
                q = k = v = y.view(y.shape[0], y.shape[1], 2, 4).transpose(1, 2)
                z = torch.softmax(q @ k.transpose(-1, -2) / 2 + self.mask, -1) @ v
                return self.t(self.n(y + z.transpose(1, 2).reshape(y.shape))).mean(1)
        models = {
            "mlp": (nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 16), nn.GELU(), nn.Dropout(0.5), nn.Linear(16, 2), nn.Softmax(-1)), torch.randn(4, 3)),
            "resnet": (nn.Sequential(nn.Conv2d(3, 8, 7, 2, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1, ceil_mode=True), Residual(8, 12, 2), nn.AvgPool2d(2, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 5)), torch.randn(2, 3, 33, 40)),
            "mobilenet": (nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1), Inverted(6), nn.PReLU(6), nn.Flatten(), nn.LeakyReLU(0.2)), torch.randn(2, 3, 12, 12)),
            "unet": (UNet(), torch.randn(2, 1, 12, 16)),
            "gru": (Recurrent(nn.GRU), torch.randn(3, 6, 3)),
            "lstm": (Recurrent(nn.LSTM), torch.randn(3, 6, 3)),
            "rnn": (Recurrent(nn.RNN), torch.randn(3, 6, 3)),
            "transformer": (Tokens(), torch.randint(0, 20, (2, 7))),
        }
        for name, (model, x) in models.items():
            model.eval()
            for p in model.modules():
                if isinstance(p, nn.BatchNorm2d):
                    p.running_mean.normal_(); p.running_var.uniform_(0.5, 2)
            y = model(x).detach()
            np.savez(name + ".npz", x=x.numpy(), y=y.numpy())
            for opset in (11, 13, 16):
                torch.onnx.export(model, x, f"{name}-{opset}.onnx", opset_version=opset, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "batch"}})
        """;

    [PythonFact("torch, onnx, numpy")]
    public void Models_of_pytorch_do_what_they_do_there()
    {
        using var scratch = new Scratch();
        Python.Run(scratch.Folder, Program);
        var files = Directory.GetFiles(scratch.Folder, "*.onnx");
        Assert.Equal(24, files.Length);
        foreach (var file in files)
        {
            var arrays = Npz.Read($"{file[..file.LastIndexOf('-')]}.npz");
            var model = Onnx.Read(file);
            var output = Computation.Of((OnnxModel m, Tensor x) => m.Call(x), model, arrays["x"]).Apply([.. Tree.Leaves(model), arrays["x"]])[0].Evaluate();
            Expect.Close(arrays["y"], output, 2e-5, Path.GetFileName(file));
            Expect.Close(Runtime.Run(file, arrays["x"])[0], output, 2e-5, Path.GetFileName(file));
            // What was read is a computation like any other, and can be written again.
            Onnx.Export(scratch["again.onnx"], model, (m, x) => m.Call(x), arrays["x"], new() { HasDynamicBatch = false });
            Expect.Close(arrays["y"], Runtime.Run(scratch["again.onnx"], arrays["x"])[0], 2e-5, Path.GetFileName(file));
        }
    }
}
