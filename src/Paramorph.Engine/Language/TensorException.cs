namespace Paramorph;

/// <summary>A mistake in the use of the tensor language, told in one sentence.</summary>
public class TensorException(string message) : Exception(message);

/// <summary>Shapes, axes or indices that do not fit an operation.</summary>
public sealed class ShapeException(string message) : TensorException(message);

/// <summary>Element types that do not fit an operation or each other.</summary>
public sealed class ElementTypeException(string message) : TensorException(message);

/// <summary>A tensor used outside the function that is being traced, or a value asked for inside it.</summary>
public sealed class TraceException(string message) : TensorException(message);

/// <summary>A derivative or a batching that does not exist, or a function that a transform cannot take.</summary>
public sealed class TransformException(string message) : TensorException(message);

/// <summary>An operation that failed while it ran: an index out of range, a singular matrix, a NaN when they are looked for.</summary>
public sealed class EvaluationException(string message) : TensorException(message);
