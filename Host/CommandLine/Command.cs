using RiskMonitor.Host.Stdio;

namespace RiskMonitor.Host.CommandLine;

/// <summary>Something that the program can be asked to do.</summary>
/// <param name="Name">The words that ask for it; empty for the one that needs no words.</param>
/// <param name="Operand">What to call the word that follows them, where one must.</param>
internal sealed record Command(string Name, string Help, IReadOnlyList<Option> Options, string? Operand = null)
{
    private static readonly Option Data = new(
        "--data", "DIR", "where positions.db and riskmonitor.db live (default ./data; with --replay ./data/replay/<file>)", "Data");

    private static readonly Option LimitDesk = new("--desk", "NAME", "the desk that the limit binds");
    private static readonly Option LimitMetric = new("--metric", "NAME", "net_delta (default) or gross_delta");
    private static readonly Option LimitProfile = new("--profile", "NAME", "limit profile (default standard)");
    private static readonly Option LimitHorizon = new("--horizon", "NAME", "intraday (default) or overnight");
    private static readonly Option LimitReason = new("--reason", "TEXT", "why; kept in the limit's history (needed)");
    private static readonly Option LimitVersion = new("--expected-version", "N", "the version that you have seen; needed to change a limit that exists");

    public static readonly Command Run = new("", "watch the positions in DIR/positions.db", [
        new("--port", "N", "HTTP port (default 8080; 0 picks a free one)", "Port"),
        new("--listen", "ADDR[:PORT]", "the address to listen on (default 127.0.0.1); any other needs users: ./run users add --help", "Listen"),
        new("--require-users", null, "everybody needs a key, also while nobody has one: for a host behind a proxy", "Access:RequireUsers", "true"),
        Data,
        new("--stdio", null, "speak MCP on stdin and stdout, for clients that start a process (as --no-demo --port 0, or for the host that DIR has)", StdioMode.Setting, "true"),
        new("--no-demo", null, "no sample book, no simulated trades, no demo risk manager", "Demo", "false"),
        new("--webhook", "URL", "where alerts are delivered, instead of the demo risk manager", "Webhook:Url"),
        new("--webhook-secret", "SECRET", "signs the deliveries: whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)", "Webhook:Secret"),
        new("--replay", "FILE", "read change events from a file (one JSON object a line, as kcat -J prints, may be gzipped) instead of positions.db", "Replay"),
    ]);

    public static readonly Command DeadLetters = new("dead-letters", "show the messages that could not be read, newest first", [
        Data,
        new("--top", "N", "at most so many (default 50)"),
    ]);

    public static readonly Command ListLimits = new("limits list", "show the limits in force", [Data]);

    public static readonly Command SetLimit = new("limits set", "add or change a limit", [
        Data,
        LimitDesk,
        new("--default", null, "the limit of desks without their own, instead of --desk"),
        new("--threshold", "AMOUNT", "the size that the figure may have, 0 or more (needed)"),
        LimitMetric,
        LimitProfile,
        LimitHorizon,
        new("--warning-ratio", "R", "share of the threshold from which it warns (default 0.8)"),
        new("--cure-ratio", "R", "share of the threshold at which a breach is over (default 1)"),
        new("--valid-from", "TIME", "first instant at which it holds, e.g. 2027-01-04T08:00:00Z (default: at once)"),
        new("--valid-to", "TIME", "first instant at which it no longer holds (default: for ever)"),
        LimitReason,
        LimitVersion,
    ]);

    public static readonly Command RemoveLimit = new("limits remove", "end a limit now; its history stays", [
        Data,
        LimitDesk,
        new("--default", null, "the limit of desks without their own, instead of --desk"),
        LimitMetric,
        LimitProfile,
        LimitHorizon,
        LimitReason,
        LimitVersion,
    ]);

    public static readonly Command ListUsers = new("users list", "show who may come in by an API key", [Data]);

    public static readonly Command AddUser = new("users add", "let somebody in; prints the API key, once", [
        Data,
        new("--role", "ROLE", "viewer reads; risk_manager also acknowledges; operator also sends dead letters again; admin also changes limits (needed)"),
        new("--desk", "NAME", "a desk that the user may see; may be given many times", MayRepeat: true),
        new("--desks", "\"A,B\"", "the same for several whose names have no comma"),
        new("--all-desks", null, "every desk, also those to come, instead of --desk"),
        new("--clearance", "LEVEL", "desk sees aggregates only; trader sees everything of its desks (needed)"),
    ], "NAME");

    public static readonly Command RevokeUser = new("users revoke", "end a user's API key; a running monitor heeds it within seconds", [Data], "NAME");

    public static readonly Command MakeKey = new("users key", "make an API key for a user of the configuration, and print the hash that belongs there", []);

    public static readonly Command Audit = new("audit", "show who asked what, newest first", [
        Data,
        new("--user", "NAME", "only this user's calls"),
        new("--tool", "NAME", "only calls of this tool, e.g. monitor_desk_exposure"),
        new("--last", "N", "at most so many (default 50)"),
    ]);

    public static readonly Command CheckDesks = new("desks check", "show the desks that cannot be read", [
        Data,
        new("--desk", "NAME", "only this one"),
    ]);

    public static readonly Command RepairDesk = new("desks repair", "build a desk that cannot be read anew from what can, and have its table read again", [
        Data,
        new("--desk", "NAME", "the desk (needed)"),
    ]);

    public static IReadOnlyList<Command> All { get; } =
        [Run, DeadLetters, CheckDesks, RepairDesk, ListLimits, SetLimit, RemoveLimit, ListUsers, AddUser, RevokeUser, MakeKey, Audit];
}
