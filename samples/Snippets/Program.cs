// snippet: ProtectedService
using ZeroTrust;
using ZeroTrust.Authz;

var builder = WebApplication.CreateBuilder(args);
builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddOidc());

var app = builder.Build();
app.UseZeroTrust();
app.MapGet("/orders/{id}", (string id, AuthzContext context) => $"order {id} of {context.Tenant}, read by {context.Subject}")
    .RequirePermission("orders:read");
app.Run();
// end
