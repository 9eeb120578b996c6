using RiskMonitor.Host;

return await CommandRunner.RunAsync(args, Console.Out, Console.Error);
