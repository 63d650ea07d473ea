namespace Iqt.Generators.Vocabulary;

/// <summary>
/// What libtorch makes within a layer that autograd differentiates, besides input, output and their gradients, in tensors of its output's
/// size: for the prediction of memory. One operation of libtorch makes nothing; a function composed of several does. A test
/// (tests/Generators/KindMemoryTests) holds each kind's against the meter. Softsign, x / (1 + |x|), is kept 1 and temporaries 3: autograd
/// keeps the denominator, and the quotient's derivative by it, −g·(x/d)/d, is made in three steps. Mish, x · tanh(softplus x), is kept 1,
/// temporaries 2 and 1 in one graph: there the product's gradient has gone when the hyperbolic tangent's is made.
/// </summary>
/// <param name="SavesOutput">Whether autograd keeps the output for the gradient, not the input.</param>
/// <param name="Kept">What autograd keeps besides from the forward to the backward pass of one graph; whole numbers of 64 bits count as two.</param>
/// <param name="Temporaries">What is alive at once while the one layer is run and differentiated, what autograd keeps among it.</param>
/// <param name="InOneGraph">The same where the layer is part of one graph, if it is less than <paramref name="Temporaries"/>.</param>
internal readonly record struct GraphMemory(bool SavesOutput = false, int Kept = 0, int Temporaries = 0, int? InOneGraph = null);
