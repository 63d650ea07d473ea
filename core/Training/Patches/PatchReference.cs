namespace Iqt.Training;

/// <summary>A patch: the subject's place in the list of subjects and the LR voxel at the patch's centre.</summary>
public readonly record struct PatchReference(int Subject, int X, int Y, int Z);
