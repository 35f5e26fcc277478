// snippet: MeshService
using ZeroTrust;
using ZeroTrust.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.AddZeroTrustDefaults();     // without AddOidc(): users' tokens do not arrive here

var app = builder.Build();
app.UseZeroTrust();
app.MapGet("/hello", (HttpContext context) => $"hello, {context.GetVerifiedPeer()}")
    .RequirePeer();                 // every peer that the listener admits; with ids, these alone
app.Run();
// end
