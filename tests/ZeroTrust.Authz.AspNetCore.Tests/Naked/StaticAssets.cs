using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;

namespace ZeroTrust.Authz.AspNetCore.Tests.Naked;

/// <summary>What the build writes for <c>MapStaticAssets</c>.</summary>
internal static class StaticAssets
{
    public static string WriteManifest(DirectoryInfo folder, string file)
    {
        var path = Path.Combine(folder.FullName, file + ".endpoints.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            Version = 1,
            ManifestType = "Publish",
            Endpoints = new[]
            {
                new
                {
                    Route = file,
                    AssetFile = file,
                    Selectors = Array.Empty<object>(),
                    EndpointProperties = Array.Empty<object>(),
                    ResponseHeaders = new[] { new { Name = "Content-Type", Value = "text/plain" }, new { Name = "ETag", Value = "\"1\"" } },
                },
            },
        }));
        return path;
    }

    public static void ServeFrom(DirectoryInfo folder, WebApplicationBuilder builder)
    {
        builder.Environment.WebRootPath = folder.FullName;
        builder.Environment.WebRootFileProvider = new PhysicalFileProvider(folder.FullName);
    }
}
