using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Paramorph.Experiments;

/// <summary>What records look like to those who read them with other programs.</summary>
public static class RecordSchema
{
    /// <summary>The JSON Schema (draft 2020-12) of a type as it is written: a real number may be null, which stands for one that is not finite.</summary>
    public static JsonNode Of(JsonTypeInfo type) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        // The exporter does not see which elements of a list may be null: fingerprints of arms that keep no parameters are.
        TransformSchemaNode = (context, schema) =>
            context.TypeInfo.Type == typeof(double) ? new JsonObject { ["type"] = new JsonArray("number", "null") }
            : context.TypeInfo.Type == typeof(string) && context.PropertyInfo is null ? new JsonObject { ["type"] = new JsonArray("string", "null") }
            : schema,
    });
}
