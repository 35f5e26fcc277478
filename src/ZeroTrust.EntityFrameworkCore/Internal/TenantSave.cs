using Microsoft.EntityFrameworkCore.Update;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// The rows of a save in progress: looked at when it begins, and once more at its first command, when its values change no more.
/// </summary>
internal sealed class TenantSave : IDisposable
{
    private readonly TenantBinding _binding;
    private readonly TenantSave? _outer;
    private readonly IList<IUpdateEntry> _entries;
    private bool _isVerified;

    internal TenantSave(TenantBinding binding, IList<IUpdateEntry> entries)
    {
        TenantGuard.Verify(entries, binding.Model, binding.Require());
        (_binding, _outer, _entries) = (binding, binding.Save, entries);
        binding.Save = this;
    }

    internal void Verify(TenantId tenant)
    {
        if (!_isVerified)
        {
            TenantGuard.Verify(_entries, _binding.Model, tenant);
            _isVerified = true;
        }
    }

    public void Dispose() => _binding.Save = _outer;
}
