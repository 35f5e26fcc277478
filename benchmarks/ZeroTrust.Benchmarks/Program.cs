using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(ZeroTrust.Benchmarks.SpanRedactionBenchmarks).Assembly).Run(args);
