using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class OpenApiTests
{
    private static readonly string[] s_everywhere = ["200", "400", "401", "403", "404", "429", "500", "503", "504"];

    [Fact]
    public async Task The_document_is_valid_for_a_reader_of_its_own()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var read = OpenApiDocument.Parse(await frontend.Client.GetStringAsync("/openapi/v1.json"), "json");

        Assert.NotNull(read.Document);
        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public async Task Every_operation_has_a_name_its_credentials_and_all_statuses_with_problems()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var document = await frontend.OkAsync("/openapi/v1.json");

        Assert.Equal(["bearer", "api_key"], document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key));
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(verb => (Path: path.Key, Verb: verb.Key, Operation: verb.Value!))).ToList();
        Assert.NotEmpty(operations);
        Assert.Equal(operations.Count, operations.Select(each => (string?)each.Operation["operationId"]).Distinct().Count());
        Assert.All(operations, each => Assert.False(string.IsNullOrEmpty((string?)each.Operation["operationId"]), each.Path));
        foreach (var (path, verb, operation) in operations.Where(each => each.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            Assert.Equal(["bearer", "api_key"], operation["security"]!.AsArray().Select(requirement => requirement!.AsObject().Single().Key));
            var responses = operation["responses"]!.AsObject();
            Assert.Superset(s_everywhere.Concat(operation["requestBody"] is null ? [] : ["408", "413", "415"]).ToHashSet(), responses.Select(response => response.Key).ToHashSet());
            Assert.All(responses.Where(response => response.Key != "200"), response => Assert.True(
                response.Value!["content"]?["application/problem+json"]?["schema"] is JsonObject, $"{verb} {path} {response.Key} has no problem"));
        }
    }
}
