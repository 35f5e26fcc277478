using Microsoft.EntityFrameworkCore.Storage;

namespace ZeroTrust.EntityFrameworkCore.Internal;

internal sealed class TenancyCommandBuilder(IRelationalCommandBuilder inner) : IRelationalCommandBuilder
{
    public IReadOnlyList<IRelationalParameter> Parameters => inner.Parameters;

    [Obsolete("As the interface has it.")]
    public IRelationalTypeMappingSource TypeMappingSource => inner.TypeMappingSource;

    public int CommandTextLength => inner.CommandTextLength;

    public IRelationalCommand Build() => new TenancyCommand(inner.Build());

    public IRelationalCommandBuilder AddParameter(IRelationalParameter parameter)
    {
        _ = inner.AddParameter(parameter);
        return this;
    }

    public IRelationalCommandBuilder RemoveParameterAt(int index)
    {
        _ = inner.RemoveParameterAt(index);
        return this;
    }

    public IRelationalCommandBuilder Append(string value, bool sensitive = false)
    {
        _ = inner.Append(value, sensitive);
        return this;
    }

    public IRelationalCommandBuilder Append(FormattableString value, bool sensitive = false)
    {
        _ = inner.Append(value, sensitive);
        return this;
    }

    public IRelationalCommandBuilder AppendLine()
    {
        _ = inner.AppendLine();
        return this;
    }

    public IRelationalCommandBuilder IncrementIndent()
    {
        _ = inner.IncrementIndent();
        return this;
    }

    public IRelationalCommandBuilder DecrementIndent()
    {
        _ = inner.DecrementIndent();
        return this;
    }
}
