using System.Globalization;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Asking.Reading;

namespace RiskMonitor.UseCases.Tests.Asking.Reading;

/// <summary>Reads questions as they would be on Sunday, 29 November 2026, at noon UTC.</summary>
internal static class Readings
{
    public static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    public static readonly string[] Desks = ["Rates", "Credit", "FX Options", "FX Spot", "Limits and Breaches"];

    public static QuestionReading Of(string question, string zone = "UTC", params string[] desks) =>
        new QuestionReader(Options.Create(new UseCaseOptions { BusinessTimeZone = zone })).Read(question, desks.Length == 0 ? Desks : desks, Now);

    /// <summary>The times of a reading in one line: as_of, or from..to.</summary>
    public static string Times(this QuestionReading reading) => reading.NotUsed.Count > 0 ? "not understood"
        : reading.AsOf ?? (reading.OpenedFrom is null && reading.OpenedTo is null ? "now" : $"{Text(reading.OpenedFrom)}..{Text(reading.OpenedTo)}");

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) ?? "";
}
