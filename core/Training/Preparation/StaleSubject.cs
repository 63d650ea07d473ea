namespace Iqt.Training;

/// <summary>A finished subject that was prepared from other files than its data set has now.</summary>
/// <param name="Subject">Its name.</param>
/// <param name="Folder">Its folder, which has to go before it can be prepared anew.</param>
/// <param name="Reason">The difference, after "was prepared": "before sub-01/bvecs was changed".</param>
public sealed record StaleSubject(string Subject, string Folder, string Reason);
