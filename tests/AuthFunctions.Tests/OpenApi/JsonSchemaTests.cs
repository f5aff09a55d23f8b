using System.Text.Json;

namespace AuthFunctions.Tests.OpenApi;

public class JsonSchemaTests
{
    private const string Schema = """
        {
          "$ref": "#/$defs/Base",
          "properties": { "kind": { "enum": ["a", "b"] } }
        }
        """;

    private const string Document = """
        {
          "$defs": {
            "Base": {
              "type": "object", "description": "x", "required": ["kind"], "additionalProperties": false,
              "properties": {
                "kind": { "type": "string" }, "count": { "type": "integer", "minimum": 1, "maximum": 9 }, "maybe": { "type": ["string", "null"] },
                "at": { "type": "string", "format": "date-time" }, "link": { "type": "string", "format": "uri" },
                "code": { "type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 4 }, "yes": { "const": true },
                "list": { "type": "array", "items": { "$ref": "#/$defs/Item" }, "minItems": 1, "maxItems": 2, "uniqueItems": true },
                "one": { "oneOf": [{ "type": "string" }, { "type": "integer" }] }, "both": { "allOf": [{ "minimum": 2 }, { "maximum": 3 }] },
                "map": { "type": "object", "additionalProperties": { "type": "boolean" } }
              }
            },
            "Item": { "type": "number" }
          }
        }
        """;

    [Theory]
    [InlineData("""{"kind":"a"}""")]
    [InlineData("""{"kind":"b","count":9,"maybe":null,"at":"2026-11-22T12:00:00+00:00","link":"https://a.test","code":"abc","yes":true}""")]
    [InlineData("""{"kind":"b","maybe":"x","list":[1,2.5],"one":7,"both":2,"map":{"x":true}}""")]
    public void What_fits_has_no_fault(string value) => Assert.Empty(Faults(value));

    [Theory]
    [InlineData("[]", "$ is Array")]
    [InlineData("{}", "$ lacks kind")]
    [InlineData("""{"kind":"c"}""", "$.kind is c, none of")]
    [InlineData("""{"kind":1}""", "$.kind is Number")]
    [InlineData("""{"kind":"a","other":1}""", "$.other is not in the contract")]
    [InlineData("""{"kind":"a","count":0}""", "less than 1")]
    [InlineData("""{"kind":"a","count":10}""", "more than 9")]
    [InlineData("""{"kind":"a","count":1.5}""", "$.count is Number")]
    [InlineData("""{"kind":"a","maybe":1}""", "$.maybe is Number")]
    [InlineData("""{"kind":"a","at":"2026-11-22"}""", "$.at is no date-time")]
    [InlineData("""{"kind":"a","link":"x"}""", "$.link is no uri")]
    [InlineData("""{"kind":"a","code":"a1"}""", "$.code does not match")]
    [InlineData("""{"kind":"a","code":"a"}""", "too short")]
    [InlineData("""{"kind":"a","code":"abcde"}""", "too long")]
    [InlineData("""{"kind":"a","yes":false}""", "$.yes is False")]
    [InlineData("""{"kind":"a","list":[]}""", "too few")]
    [InlineData("""{"kind":"a","list":[1,2,3]}""", "too many")]
    [InlineData("""{"kind":"a","list":[1,1]}""", "repeats")]
    [InlineData("""{"kind":"a","list":["x"]}""", "$.list[0] is String")]
    [InlineData("""{"kind":"a","one":true}""", "$.one is not one of")]
    [InlineData("""{"kind":"a","both":4}""", "more than 3")]
    [InlineData("""{"kind":"a","map":{"x":1}}""", "$.map.x is Number")]
    public void What_does_not_is_told_with_its_place(string value, string fault) =>
        Assert.Contains(Faults(value), f => f.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void A_keyword_that_is_not_checked_may_not_be_used() => Assert.Throws<NotSupportedException>(() =>
        new JsonSchema(default).Faults(Parse("""{"multipleOf":2}"""), Parse("4")));

    private static IReadOnlyList<string> Faults(string value) => new JsonSchema(Parse(Document)).Faults(Parse(Schema), Parse(value));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
