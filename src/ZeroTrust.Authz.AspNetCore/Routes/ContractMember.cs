namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>A member as a serializer sees it.</summary>
/// <param name="Name">Its name in the body.</param>
/// <param name="Member">Its name in the type.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsFilledIn">A body gives it its value; otherwise a body can only change what is in it.</param>
/// <param name="IsConverted">A converter of the application reads it.</param>
internal sealed record ContractMember(string Name, string Member, Type Type, bool IsFilledIn, bool IsConverted);
