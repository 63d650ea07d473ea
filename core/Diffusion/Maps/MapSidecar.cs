using System.Text.Json.Nodes;

namespace Iqt.Diffusion;

/// <summary>The JSON beside a map of a tensor image, after the draft BIDS extension for diffusion derivatives.</summary>
public static class MapSidecar
{
    /// <summary>Writes it beside an image; it appears complete or not at all.</summary>
    /// <param name="image">The map's file; the sidecar has .json instead.</param>
    /// <param name="description">What the map holds.</param>
    /// <param name="unit">For example mm^2/s; null for a ratio.</param>
    /// <param name="provenance">Where the tensors come from, if that is not told elsewhere.</param>
    /// <exception cref="DataException">Can't be written.</exception>
    public static void Write(string image, string description, string? unit, Provenance? provenance = null)
    {
        var document = new JsonObject
        {
            ["Description"] = description,
            ["Model"] = new JsonObject { ["Description"] = "Diffusion tensor" },
        };
        if (unit is not null)
        {
            document["Units"] = unit;
        }

        Sidecar.Write(image, document, provenance);
    }
}
