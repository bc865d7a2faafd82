namespace Paramorph.Formats;

/// <summary>Labelled images of <see cref="Cifar"/>.</summary>
/// <param name="Images">Red, green and blue planes, u8 [images, 3, 32, 32] from 0 to 255.</param>
/// <param name="Labels">The class of each image, i32 [images]: 0 to 9, of CIFAR-100 0 to 99.</param>
/// <param name="CoarseLabels">The superclass of each image of CIFAR-100, i32 [images], 0 to 19; null of CIFAR-10.</param>
public sealed record CifarBatch(Tensor Images, Tensor Labels, Tensor? CoarseLabels);
