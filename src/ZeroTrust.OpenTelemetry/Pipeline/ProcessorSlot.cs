using OpenTelemetry;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>One place in the chain of a provider's processors.</summary>
/// <param name="Owner">What holds the processor.</param>
/// <param name="Field">The field that holds it.</param>
/// <param name="Processor">The processor.</param>
/// <typeparam name="T">What passes through the chain.</typeparam>
internal readonly record struct ProcessorSlot<T>(object Owner, string Field, BaseProcessor<T> Processor)
    where T : class
{
    /// <summary>The chain of a provider in the order in which its processors run, nested chains unfolded.</summary>
    /// <param name="provider">The provider.</param>
    /// <exception cref="MissingFieldException">This version of the SDK has another shape.</exception>
    public static List<ProcessorSlot<T>> ReadAll(BaseProvider provider)
    {
        List<ProcessorSlot<T>> slots = [];
        Add(provider, SdkField.Processor, slots);
        return slots;
    }

    /// <summary>Puts another processor in this place.</summary>
    /// <param name="processor">The other one.</param>
    public void Replace(BaseProcessor<T> processor) => SdkField.Set(Owner, Field, processor);

    private static void Add(object owner, string field, List<ProcessorSlot<T>> slots)
    {
        if (SdkField.Get(owner, field) is not BaseProcessor<T> processor)
        {
            return;
        }

        if (processor is not CompositeProcessor<T>)
        {
            slots.Add(new ProcessorSlot<T>(owner, field, processor));
            return;
        }

        for (var node = SdkField.Get(processor, SdkField.Head); node is not null; node = SdkField.Get(node, SdkField.Next))
        {
            Add(node, SdkField.Value, slots);
        }
    }
}
