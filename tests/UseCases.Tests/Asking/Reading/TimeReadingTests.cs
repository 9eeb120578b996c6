using RiskMonitor.UseCases.Asking.Reading;

namespace RiskMonitor.UseCases.Tests.Asking.Reading;

/// <summary>The reader reads a time or reports that it cannot, so that a question about another time is never answered with current figures.</summary>
public sealed class TimeReadingTests
{
    /// <summary>Ways to write a day, and the day.</summary>
    private static readonly (string Written, string Day)[] s_days =
    [
        ("2026-05-03", "2026-05-03"), ("2026/05/03", "2026-05-03"), ("2026.05.03", "2026-05-03"), ("20260503", "2026-05-03"), ("2026-5-3", "2026-05-03"), ("2026/5/3", "2026-05-03"),
        ("3 May 2026", "2026-05-03"), ("3rd May 2026", "2026-05-03"), ("the 3rd of May", "2026-05-03"), ("May 3rd", "2026-05-03"), ("May 3, 2026", "2026-05-03"), ("May 3rd, 2026", "2026-05-03"),
        ("3-May-2026", "2026-05-03"), ("the third of May", "2026-05-03"), ("13/5/2026", "2026-05-13"), ("5/13/2026", "2026-05-13"), ("13.05.2026", "2026-05-13"), ("5/5/2026", "2026-05-05"),
        ("1 Nov", "2026-11-01"), ("Nov. 1", "2026-11-01"), ("December 24", "2025-12-24"), ("yesterday", "2026-11-28"), ("the day before yesterday", "2026-11-27"), ("Friday", "2026-11-27"),
        ("last Friday", "2026-11-27"), ("Friday last week", "2026-11-20"), ("Monday", "2026-11-23"), ("two days ago", "2026-11-27"), ("3 days ago", "2026-11-26"), ("a week ago", "2026-11-22"),
        ("a month ago", "2026-10-29"), ("the end of last month", "2026-10-31"), ("last month's end", "2026-10-31"), ("the end of October", "2026-10-31"), ("the end of Q3", "2026-09-30"),
        ("the end of Q3 2025", "2025-09-30"), ("the close of yesterday", "2026-11-28"), ("the end of last year", "2025-12-31"), ("Friday, 27 November 2026", "2026-11-27"),
        ("二〇二六年五月三日", "2026-05-03"), ("2026年5月3日", "2026-05-03"), ("2026年05月03号", "2026-05-03"), ("五月三日", "2026-05-03"), ("5月3号", "2026-05-03"), ("5月3日", "2026-05-03"),
        ("去年12月24日", "2025-12-24"), ("今年十一月一日", "2026-11-01"), ("三天前", "2026-11-26"), ("3天前", "2026-11-26"), ("昨天", "2026-11-28"), ("昨日", "2026-11-28"), ("前天", "2026-11-27"),
        ("上周五", "2026-11-20"), ("周五", "2026-11-27"), ("星期五", "2026-11-27"), ("上个月底", "2026-10-31"), ("上月末", "2026-10-31"), ("去年底", "2025-12-31"), ("一周前", "2026-11-22"), ("第三季度末", "2026-09-30"),
        ("二○二六年五月三日", "2026-05-03"), ("２０２６－０５－０３", "2026-05-03"),
    ];

    private static readonly string[] s_askedOfDesk = ["exposure of {1} on {0}", "what was the exposure of {1} on {0}?", "biggest traders on {1} {0}", "was {1} in breach {0}", "what was the limit of {1} on {0}", "{1} {0} 的敞口", "截至{0}，{1}的敞口是多少"];

    private static readonly string[] s_askedOfAll = ["which desks were in breach on {0}", "total exposure on {0}", "largest desks on {0}", "{0}哪些交易台超限了"];

    public static TheoryData<string, string, string> Days()
    {
        var data = new TheoryData<string, string, string>();
        var seed = new Random(20260503);
        foreach (var (written, day) in s_days)
        {
            foreach (var form in s_askedOfDesk.OrderBy(_ => seed.Next()).Take(4))
            {
                var desk = Readings.Desks[seed.Next(Readings.Desks.Length)];
                data.Add(string.Format(null, form, written, desk), day, desk);
            }

            data.Add(string.Format(null, s_askedOfAll[seed.Next(s_askedOfAll.Length)], written), day, "");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void A_day_is_read_however_it_is_written(string question, string day, string desk)
    {
        var reading = Readings.Of(question);

        Assert.Equal(day, reading.Times());
        Assert.Equal(desk.Length == 0 ? [] : [desk], reading.Desks);
        Assert.NotEqual(Topic.Unknown, reading.Topic);
        Assert.Null(reading.UnknownDesk);
    }

    [Theory]
    [InlineData("exposure of Rates at 11:30", "2026-11-29T11:30:00Z")]
    [InlineData("exposure of Rates yesterday at 14:30", "2026-11-28T14:30:00Z")]
    [InlineData("exposure of Rates at 2:30 pm yesterday", "2026-11-28T14:30:00Z")]
    [InlineData("exposure of Rates at 14:30:05 on 3 May 2026", "2026-05-03T14:30:05Z")]
    [InlineData("exposure of Rates on 2026-05-03 at 14:30 London", "2026-05-03T13:30:00Z")]
    [InlineData("exposure of Rates on 2026-05-03 14:30 UTC+8", "2026-05-03T06:30:00Z")]
    [InlineData("exposure of Rates on 2026-05-03 14:30 Asia/Shanghai", "2026-05-03T06:30:00Z")]
    [InlineData("exposure of Rates on 2026-05-03T14:30+08:00", "2026-05-03T06:30:00Z")]
    [InlineData("exposure of Rates on 2026-05-03T14:30:00.123Z", "2026-05-03T14:30:00.123Z")]
    [InlineData("exposure of Rates yesterday at 14:30 New York time", "2026-11-28T19:30:00Z")]
    [InlineData("exposure of Rates at noon yesterday", "2026-11-28T12:00:00Z")]
    [InlineData("exposure of Rates this morning at 9:30", "2026-11-29T09:30:00Z")]
    [InlineData("exposure of Rates 2 hours ago", "2026-11-29T10:00:00Z")]
    [InlineData("exposure of Rates half an hour ago", "2026-11-29T11:30:00Z")]
    [InlineData("Rates 昨天下午两点半的敞口", "2026-11-28T14:30:00Z")]
    [InlineData("Rates 昨天14:30的敞口", "2026-11-28T14:30:00Z")]
    [InlineData("Rates 昨天北京时间14:30的敞口", "2026-11-28T06:30:00Z")]
    [InlineData("Rates 五月三日上午九点一刻的敞口", "2026-05-03T09:15:00Z")]
    [InlineData("Rates 两小时前的敞口", "2026-11-29T10:00:00Z")]
    public void A_clock_time_is_read_with_its_day_and_zone(string question, string asOf) => Assert.Equal(asOf, Readings.Of(question).Times());

    [Theory]
    [InlineData("alerts between 2026-11-01 and 2026-11-15", "2026-11-01T00:00..2026-11-16T00:00")]
    [InlineData("alerts from 2026-11-01 to 2026-11-15", "2026-11-01T00:00..2026-11-16T00:00")]
    [InlineData("alerts from 1 to 15 November", "2026-11-01T00:00..2026-11-16T00:00")]
    [InlineData("alerts between 1 Nov and 15 Nov 2026", "2026-11-01T00:00..2026-11-16T00:00")]
    [InlineData("alerts between 09:00 and 10:30 yesterday", "2026-11-28T09:00..2026-11-28T10:30")]
    [InlineData("alerts of Rates in the last 24 hours", "2026-11-28T12:00..2026-11-29T12:00")]
    [InlineData("alerts of Rates over the past 3 days", "2026-11-26T12:00..2026-11-29T12:00")]
    [InlineData("alerts this week", "2026-11-23T00:00..2026-11-30T00:00")]
    [InlineData("alerts last week", "2026-11-16T00:00..2026-11-23T00:00")]
    [InlineData("alerts since Monday", "2026-11-23T00:00..")]
    [InlineData("alerts since 2026-11-01T09:00Z", "2026-11-01T09:00..")]
    [InlineData("alerts before 2026-11-01", "..2026-11-01T00:00")]
    [InlineData("alerts after 2026-11-01", "2026-11-02T00:00..")]
    [InlineData("alerts on 2026-11-01", "2026-11-01T00:00..2026-11-02T00:00")]
    [InlineData("alerts in Q3", "2026-07-01T00:00..2026-10-01T00:00")]
    [InlineData("alerts in October", "2026-10-01T00:00..2026-11-01T00:00")]
    [InlineData("alerts in 2025", "2025-01-01T00:00..2026-01-01T00:00")]
    [InlineData("alerts yesterday afternoon", "2026-11-28T12:00..2026-11-28T18:00")]
    [InlineData("alerts opened more than 2 hours ago", "..2026-11-29T10:00")]
    [InlineData("breaches open for more than 2 hours", "..2026-11-29T10:00")]
    [InlineData("alerts older than 3 days", "..2026-11-26T12:00")]
    [InlineData("最近24小时的告警", "2026-11-28T12:00..2026-11-29T12:00")]
    [InlineData("本周的告警", "2026-11-23T00:00..2026-11-30T00:00")]
    [InlineData("11月1日到15日的告警", "2026-11-01T00:00..2026-11-16T00:00")]
    [InlineData("2026年11月1日至2026年11月15日的告警", "2026-11-01T00:00..2026-11-16T00:00")]
    [InlineData("上周五以来的告警", "2026-11-20T00:00..")]
    [InlineData("昨天的告警", "2026-11-28T00:00..2026-11-29T00:00")]
    [InlineData("过去三天的告警", "2026-11-26T12:00..2026-11-29T12:00")]
    public void Alerts_are_queried_for_the_span_of_the_question(string question, string span) => Assert.Equal(span, Readings.Of(question).Times());

    [Theory]
    [InlineData("exposure of Rates on 5/3/2026", "2026-05-03 or 2026-03-05")]
    [InlineData("exposure of Rates on 5/3", "write one of these")]
    [InlineData("exposure of Rates on 31 Feb 2026", "no day of the calendar")]
    [InlineData("exposure of Rates on 2026-02-31", "no day of the calendar")]
    [InlineData("Rates 2026年2月30日的敞口", "不是日历上存在的日期")]
    [InlineData("exposure of Rates at 25:30", "no time of a day")]
    [InlineData("exposure of Rates tomorrow", "yet to come")]
    [InlineData("exposure of Rates on 2027-05-03", "yet to come")]
    [InlineData("exposure of Rates at 14:30", "yet to come")]
    [InlineData("Rates 明天的敞口", "尚未到来")]
    [InlineData("exposure of Rates in Q3", "span of time")]
    [InlineData("exposure of Rates last week", "span of time")]
    [InlineData("which desks were in breach between 2026-11-01 and 2026-11-15", "span of time")]
    [InlineData("positions of Rates as of 2026-11-01", "positions are kept as they are now")]
    [InlineData("alerts at 11:30", "one instant")]
    [InlineData("exposure of Rates on 1 November and 2 October and 3 September", "several times")]
    [InlineData("exposure of Rates on Monday, 27 November 2026", "is a Friday")]
    [InlineData("exposure of Rates on 2026-11-01 14:30 IST", "several")]
    [InlineData("exposure of Rates a few days ago", "no exact time")]
    [InlineData("alerts between 2026-11-15 and 2026-11-01", "ends before it begins")]
    [InlineData("exposure of Rates 3 business days ago", "could not be used")]
    [InlineData("exposure of Rates on the 3rd", "could not be used")]
    [InlineData("exposure of Rates weekly", "could not be used")]
    [InlineData("how has Rates changed", "could not be used")]
    [InlineData("Rates 的敞口趋势", "无法使用")]
    public void A_time_that_cannot_be_used_is_quoted_from_the_question(string question, string says)
    {
        var reading = Readings.Of(question);

        var said = string.Join('\n', reading.NotUsed.Select(unused => $"{unused.English}\n{unused.Chinese}"));
        Assert.Contains(says, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exposure of Rates yesterday at 00:30", "Europe/London", "2026-11-28T00:30:00Z")]
    [InlineData("exposure of Rates yesterday at 00:30", "Asia/Shanghai", "2026-11-27T16:30:00Z")]
    [InlineData("exposure of Rates on 2026-07-01 at 12:00", "Europe/London", "2026-07-01T11:00:00Z")]
    [InlineData("alerts today", "Asia/Shanghai", "2026-11-28T16:00..2026-11-29T16:00")]
    [InlineData("alerts yesterday", "America/New_York", "2026-11-28T05:00..2026-11-29T05:00")]
    [InlineData("今天的告警", "Asia/Shanghai", "2026-11-28T16:00..2026-11-29T16:00")]
    public void Days_and_clock_times_are_those_of_the_business_time_zone(string question, string zone, string times) =>
        Assert.Equal(times.Replace("..2026-11-29T16:00", "..", StringComparison.Ordinal), Readings.Of(question, zone).Times());

    [Theory]
    [InlineData("exposure of Rates on 2026-03-29 at 01:30", "go forward")]
    [InlineData("exposure of Rates on 2026-10-25 at 01:30", "happens twice")]
    public void A_clock_time_that_a_clock_change_skips_or_repeats_is_reported(string question, string says) =>
        Assert.Contains(says, Assert.Single(Readings.Of(question, "Europe/London").NotUsed).English, StringComparison.Ordinal);

    [Theory]
    [InlineData("exposure of Rates on 3 May 2026", "Rates", "2026-05-03")]
    [InlineData("exposure of the May desk on 3 May 2026", "May", "2026-05-03")]
    [InlineData("exposure of May", "", "not understood")]
    [InlineData("exposure of the May desk", "May", "now")]
    [InlineData("exposure of \"May\"", "May", "now")]
    [InlineData("exposure of Rates last Friday", "Rates", "2026-11-27")]
    [InlineData("exposure of Rates on Friday", "Rates", "not understood")]
    [InlineData("Friday desk exposure yesterday", "Friday", "2026-11-28")]
    [InlineData("Friday 台的敞口", "Friday", "now")]
    public void A_desk_named_like_a_day_or_month_is_a_desk_where_the_sentence_says_desk(string question, string desk, string times)
    {
        var reading = Readings.Of(question, "UTC", "Rates", "May", "Friday");

        Assert.Equal(times, reading.Times());
        Assert.Equal(desk.Length == 0 ? [] : [desk], reading.Desks);
    }

    [Theory]
    [InlineData("exposure of Rates at T-1")]
    [InlineData("exposure of Rates D-1")]
    [InlineData("exposure of Rates pre-close")]
    [InlineData("exposure of Rates at market open")]
    [InlineData("exposure of Rates at the open")]
    [InlineData("exposure of Rates at 14h30")]
    [InlineData("exposure of Rates on 2026-W48")]
    [InlineData("exposure of Rates on Thanksgiving")]
    [InlineData("exposure of Rates at month-end")]
    [InlineData("exposure of Rates at epoch 1795983000")]
    [InlineData("exposure of Rates a fortnight ago")]
    [InlineData("alerts in the past fortnight")]
    [InlineData("Rates 一刻钟前的敞口")]
    [InlineData("Rates 三个交易日前的敞口")]
    [InlineData("Rates 28号的敞口")]
    [InlineData("Rates 月底的敞口")]
    [InlineData("Rates 国庆节的敞口")]
    [InlineData("Rates 民国115年的敞口")]
    [InlineData("Rates 开盘时的敞口")]
    public void A_time_that_cannot_be_read_is_neither_now_nor_the_name_of_a_desk(string question)
    {
        var reading = Readings.Of(question);

        Assert.True(reading.AsOf is not null || reading.NotUsed.Count > 0);
        Assert.Null(reading.UnknownDesk);
    }
}
