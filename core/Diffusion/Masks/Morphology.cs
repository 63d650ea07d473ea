namespace Iqt.Diffusion;

/// <summary>Operations on sets of voxels, x fastest; neighbours share a face. Outside the grid is outside the set.</summary>
public static class Morphology
{
    /// <summary>Removes voxels with a neighbour outside, <paramref name="times"/> times.</summary>
    public static bool[] Erode(bool[] values, GridSize size, int times) => Repeat(values, size, times, grow: false);

    /// <summary>Adds voxels with a neighbour inside, <paramref name="times"/> times.</summary>
    public static bool[] Dilate(bool[] values, GridSize size, int times) => Repeat(values, size, times, grow: true);

    /// <summary>The largest connected set; the first in memory of several alike, nothing of nothing.</summary>
    public static bool[] LargestComponent(bool[] values, GridSize size)
    {
        var seen = new bool[values.Length];
        var stack = new Stack<int>();
        List<int> largest = [];
        for (int start = 0; start < values.Length; start++)
        {
            if (!values[start] || seen[start])
            {
                continue;
            }

            var component = new List<int>();
            Flood(start, values, inside: true, seen, size, stack, component);
            if (component.Count > largest.Count)
            {
                largest = component;
            }
        }

        var result = new bool[values.Length];
        largest.ForEach(i => result[i] = true);
        return result;
    }

    /// <summary>Adds every voxel outside from which no path outside leads to the border of the grid.</summary>
    public static bool[] FillHoles(bool[] values, GridSize size)
    {
        var reached = new bool[values.Length];
        var stack = new Stack<int>();
        for (int i = 0; i < values.Length; i++)
        {
            (int x, int y, int z) = size.Position(i);
            bool border = x == 0 || y == 0 || z == 0 || x == size.X - 1 || y == size.Y - 1 || z == size.Z - 1;
            if (border && !values[i] && !reached[i])
            {
                Flood(i, values, inside: false, reached, size, stack, null);
            }
        }

        return Array.ConvertAll(reached, outside => !outside);
    }

    private static void Flood(int start, bool[] values, bool inside, bool[] seen, GridSize size, Stack<int> stack, List<int>? component)
    {
        seen[start] = true;
        stack.Push(start);
        Span<int> neighbours = stackalloc int[6];
        while (stack.TryPop(out int i))
        {
            component?.Add(i);
            foreach (int neighbour in neighbours[..Neighbours(i, size, neighbours)])
            {
                if (values[neighbour] == inside && !seen[neighbour])
                {
                    seen[neighbour] = true;
                    stack.Push(neighbour);
                }
            }
        }
    }

    private static bool[] Repeat(bool[] values, GridSize size, int times, bool grow)
    {
        bool[] current = values;
        for (int time = 0; time < times; time++)
        {
            bool[] source = current;
            var next = (bool[])source.Clone();
            Parallel.For(0, size.Z, z =>
            {
                Span<int> neighbours = stackalloc int[6];
                for (int i = size.Index(0, 0, z); i < size.Index(0, 0, z + 1); i++)
                {
                    if (source[i] == grow)
                    {
                        continue;
                    }

                    int count = Neighbours(i, size, neighbours);
                    // Erosion: beyond the grid is outside.
                    bool changes = !grow && count < neighbours.Length;
                    foreach (int neighbour in neighbours[..count])
                    {
                        changes |= source[neighbour] == grow;
                    }

                    if (changes)
                    {
                        next[i] = grow;
                    }
                }
            });
            current = next;
        }

        return current;
    }

    private static int Neighbours(int index, GridSize size, Span<int> neighbours)
    {
        (int x, int y, int z) = size.Position(index);
        int count = 0;
        if (x > 0)
        {
            neighbours[count++] = index - 1;
        }

        if (x < size.X - 1)
        {
            neighbours[count++] = index + 1;
        }

        if (y > 0)
        {
            neighbours[count++] = index - size.X;
        }

        if (y < size.Y - 1)
        {
            neighbours[count++] = index + size.X;
        }

        if (z > 0)
        {
            neighbours[count++] = index - size.X * size.Y;
        }

        if (z < size.Z - 1)
        {
            neighbours[count++] = index + size.X * size.Y;
        }

        return count;
    }
}
