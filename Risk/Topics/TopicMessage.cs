namespace RiskMonitor.Risk.Topics;

/// <summary>A message of the topic <c>risk_alerts</c>, from the transaction that stored what it tells until it is published.</summary>
/// <param name="Type">What happened, such as <c>risk.alert.opened</c>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Body">JSON; frozen, so that a repeated message is the same.</param>
/// <param name="TraceParent">The W3C trace context of the cause; null where it is not known.</param>
public sealed record TopicMessage(TopicPlace Place, string Type, DateTimeOffset At, string Body, string? TraceParent)
{
    /// <summary>The same for every publication of the message, and of no other one.</summary>
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Place.Kind.Name()}/{Place.Key}/{Place.Sequence}/{Place.Part}");
}

/// <summary>What a message is about, and its place among the messages about that.</summary>
/// <param name="Key">The alert's id, or the desk's name; the key of the message, too.</param>
/// <param name="Sequence">The write that stored it: the version of the alert, or the desk's journal sequence.</param>
/// <param name="Part">Counts the messages of one write, from 0.</param>
public readonly record struct TopicPlace(TopicSubject Kind, string Key, long Sequence, int Part);

/// <summary>What the messages of the topic are about.</summary>
public enum TopicSubject
{
    Alert,
    Desk,
}

/// <summary>The names of subjects, as they are stored.</summary>
public static class TopicSubjects
{
    public static string Name(this TopicSubject subject) => subject == TopicSubject.Alert ? "alert" : "desk";

    public static TopicSubject Parse(string name) => name switch
    {
        "alert" => TopicSubject.Alert,
        "desk" => TopicSubject.Desk,
        _ => throw new FormatException($"a message of the topic is about '{name}', which this program does not know"),
    };
}
