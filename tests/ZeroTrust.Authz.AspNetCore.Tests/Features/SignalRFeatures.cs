using System.Buffers;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

internal static class SignalRFeatures
{
    public static IEnumerable<FrameworkFeature> All() =>
    [
        Row(
            "SignalR, long polling on the connection of acme",
            "refused for others",
            "200 , 200 , acme/idp/alice",
            "403, 403",
            async tenants =>
        {
            var connection = await HubConnection.NegotiateAsync(tenants, "acme");
            await connection.PollAsync("acme");
            var shaken = await connection.ShakeHandsAsync("acme");
            var globex = $"{await connection.AskAsync("globex")}, {await connection.PollAsync("globex")}";
            return ($"{shaken}, {await connection.AskAsync("acme")}, {await connection.PollAnswerAsync("acme")}", globex);
        }),
        Row(
            "SignalR, long polling on the connection of another subject",
            "refused for others",
            "200 , 200 , acme/idp/alice",
            "403, 403",
            async tenants =>
        {
            var connection = await HubConnection.NegotiateAsync(tenants, "acme");
            await connection.PollAsync("acme");
            var shaken = await connection.ShakeHandsAsync("acme");
            var bob = $"{await connection.AskAsync("acme/idp/bob")}, {await connection.PollAsync("acme/idp/bob")}";
            return ($"{shaken}, {await connection.AskAsync("acme")}, {await connection.PollAnswerAsync("acme")}", bob);
        }),
        Row(
            "SignalR, long polling by the first version of the protocol, whose ids are no secrets",
            "refused for others",
            "200 , 200 , acme/idp/alice",
            "403, 403",
            async tenants =>
        {
            var connection = await HubConnection.NegotiateAsync(tenants, "acme", version: 0);
            await connection.PollAsync("acme");
            var shaken = await connection.ShakeHandsAsync("acme");
            var globex = $"{await connection.AskAsync("globex")}, {await connection.EndAsync("globex")}";
            return ($"{shaken}, {await connection.AskAsync("acme")}, {await connection.PollAnswerAsync("acme")}", globex);
        }),
        Row(
            "SignalR, long polling on the connection of acme without a context",
            "refused",
            "200 , 200 , acme/idp/alice",
            "403, 403",
            async tenants =>
        {
            var connection = await HubConnection.NegotiateAsync(tenants, "acme");
            await connection.PollAsync("acme");
            var shaken = await connection.ShakeHandsAsync("acme");
            var stranger = $"{await connection.AskAsync(caller: null)}, {await connection.PollAsync(caller: null)}";
            return ($"{shaken}, {await connection.AskAsync("acme")}, {await connection.PollAnswerAsync("acme")}", stranger);
        }),
        Row("connection handler, long polling on the connection of acme", "refused for others", "200 , 200 x", "403, 403", async tenants =>
        {
            var connection = await HubConnection.NegotiateAsync(tenants, "acme");
            await connection.PollAsync("acme");
            var globex = $"{await connection.SendAsync("globex", "x")}, {await connection.PollAsync("globex")}";
            return ($"{await connection.SendAsync("acme", "x")}, {await connection.PollAsync("acme")}", globex);
        }) with
        {
            Map = (app, _) => app.MapConnectionHandler<EchoHandler>("/who").RequireContext(),
        },
        Row(
            "SignalR, server-sent events on the connection of acme",
            "refused for others",
            "200 , 200 , acme/idp/alice",
            "403",
            async tenants =>
        {
            var connection = await HubConnection.NegotiateAsync(tenants, "acme");
            var (response, events) = await connection.ListenAsync("acme");
            using (response)
            using (events)
            {
                var shaken = await connection.ShakeHandsAsync("acme");
                var globex = await connection.AskAsync("globex");
                return ($"{shaken}, {await connection.AskAsync("acme")}, {await HubConnection.ReadAnswerAsync(events)}", globex);
            }
        }),
        Row("SignalR, WebSockets", "each its own user", "acme/idp/alice", "globex/idp/alice", async tenants => (
            await (await HubConnection.NegotiateAsync(tenants, "acme")).AskByWebSocketAsync("acme"),
            await (await HubConnection.NegotiateAsync(tenants, "globex")).AskByWebSocketAsync("globex"))),
        Row(
            "SignalR, user ids by a provider of the application",
            "read the claims of the context",
            "tenant acme",
            "tenant globex",
            async tenants => (
            await (await HubConnection.NegotiateAsync(tenants, "acme")).AskByWebSocketAsync("acme"),
            await (await HubConnection.NegotiateAsync(tenants, "globex")).AskByWebSocketAsync("globex"))) with
        {
            Configure = builder =>
            {
                builder.Services.AddSignalR();
                builder.Services.AddSingleton<IUserIdProvider, TenantUserIds>();
            },
        },
    ];

    private static FrameworkFeature Row(
        string name, string expected, string acme, string globex, Func<TwoTenants, Task<(string Acme, string Globex)>> ask) =>
        new(name, expected, acme, globex)
        {
            Configure = builder => builder.Services.AddSignalR(),
            Map = (app, _) => app.MapHub<WhoHub>("/who").RequireContext(),
            Ask = ask,
        };

    private sealed class EchoHandler : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            while (await connection.Transport.Input.ReadAsync() is { IsCompleted: false } read)
            {
                await connection.Transport.Output.WriteAsync(read.Buffer.ToArray());
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private sealed class TenantUserIds : IUserIdProvider
    {
        public string? GetUserId(HubConnectionContext connection) =>
            "tenant " + connection.User.FindFirstValue(ContextIdentityDefaults.TenantClaimType);
    }
}
