namespace ZeroTrust.Shared;

/// <summary>Runs what must not keep its caller from going on: measurements, whose listeners are the application's.</summary>
internal static class Quietly
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception)
        {
            // A listener of a meter that throws is its own affair.
        }
    }
}
