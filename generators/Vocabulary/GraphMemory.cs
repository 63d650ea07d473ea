namespace Iqt.Generators.Vocabulary;

/// <summary>
/// What libtorch makes within a layer that autograd differentiates, besides input, output and their gradients, in tensors of its output's
/// size: for the prediction of memory. One operation of libtorch makes nothing; a function composed of several does. A test
/// (tests/Generators/KindMemoryTests) holds each kind's against the meter.
/// </summary>
/// <remarks>
/// <para>Softsign, x / (1 + |x|): the quotient keeps x and its denominator, so the input and 1 besides. Temporaries are 3: the derivative by
/// the denominator, −g·(x/d)/d, is made in three steps.</para>
/// <para>Mish, x · tanh(softplus x): the input, the hyperbolic tangent besides, 1; temporaries 2, and 1 in one graph, where the product's gradient
/// has gone when the hyperbolic tangent's is made.</para>
/// <para>Dropout, x · mask: neither input nor output, but the mask, 1.</para>
/// </remarks>
/// <param name="Saves">Which of its own tensors autograd keeps for the gradient. Others may keep that one too, and then it costs nothing.</param>
/// <param name="Kept">What autograd keeps beyond that one, made within, from the forward to the backward pass of one graph; whole numbers of 64 bits count as two.</param>
/// <param name="Temporaries">What is alive at once beyond that, while the one layer is run and differentiated.</param>
/// <param name="InOneGraph">The same where the layer is part of one graph, if it is less than <paramref name="Temporaries"/>.</param>
internal readonly record struct GraphMemory(Saved Saves = Saved.Input, int Kept = 0, int Temporaries = 0, int? InOneGraph = null);
