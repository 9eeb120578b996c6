using RiskMonitor.Embedded;

return await CommandRunner.RunAsync(args, Console.Out, Console.Error);
