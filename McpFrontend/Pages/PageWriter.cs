using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>
/// Writes HTML pages that work without scripts. Every text is escaped here, and the browser is told to run and load nothing, so that a name in the book
/// cannot become markup.
/// </summary>
internal sealed class PageWriter(string title)
{
    private const string Style =
        """
        body{font-family:system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff;line-height:1.4}
        h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.8rem}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #ddd;overflow-wrap:anywhere}
        .text{white-space:pre-wrap}.note{color:#555}label{display:block;margin:.8rem 0 .2rem}input,select,textarea{width:100%;max-width:30rem;font:inherit;padding:.3rem}
        button,.button{display:inline-block;margin-top:1rem;padding:.5rem 1.2rem;font:inherit;background:#0b5394;color:#fff;border:0;border-radius:4px;text-decoration:none}
        @media print{.screen{display:none}body{margin:0;max-width:none}}
        """;

    /// <summary>The style is allowed by its hash, and nothing else is.</summary>
    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly StringBuilder _html = new();

    public PageWriter Heading(string text) => Element("h2", text);

    public PageWriter Paragraph(string text, string? @class = null)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<p{(@class is null ? "" : $" class=\"{@class}\"")}>{Escaped(text)}</p>\n");
        return this;
    }

    /// <summary>A table whose first column names the row; empty values are left out.</summary>
    public PageWriter Facts(IEnumerable<(string Name, string? Value)> facts)
    {
        _html.Append("<table>");
        foreach (var (name, value) in facts.Where(fact => !string.IsNullOrEmpty(fact.Value)))
        {
            _html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Escaped(name)}</th><td>{Escaped(value!)}</td></tr>");
        }

        _html.Append("</table>\n");
        return this;
    }

    public PageWriter Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        _html.Append("<table><thead><tr>");
        foreach (var column in columns)
        {
            _html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Escaped(column)}</th>");
        }

        _html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _html.Append("<tr>");
            foreach (var value in row)
            {
                _html.Append(CultureInfo.InvariantCulture, $"<td>{Escaped(value ?? "")}</td>");
            }

            _html.Append("</tr>");
        }

        _html.Append("</tbody></table>\n");
        return this;
    }

    /// <summary>A link to another page of ours.</summary>
    public PageWriter Link(string href, string text)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<p class=\"screen\"><a class=\"button\" href=\"{HtmlEncoder.Default.Encode(href)}\">{Escaped(text)}</a></p>\n");
        return this;
    }

    /// <summary>A form of ours, posted to the same page.</summary>
    /// <param name="fields">HTML of the fields; made by <see cref="Hidden"/> and its neighbours only.</param>
    public PageWriter Form(string button, params IReadOnlyList<string> fields)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<form method=\"post\" class=\"screen\">{string.Concat(fields)}<button>{Escaped(button)}</button></form>\n");
        return this;
    }

    public static string Hidden(string name, string value) =>
        $"<input type=\"hidden\" name=\"{HtmlEncoder.Default.Encode(name)}\" value=\"{HtmlEncoder.Default.Encode(value)}\">";

    public static string Input(string name, string label, int mostChars) => string.Create(
        CultureInfo.InvariantCulture, $"<label for=\"{name}\">{Escaped(label)}</label><input id=\"{name}\" name=\"{name}\" maxlength=\"{mostChars}\" autocomplete=\"name\">");

    public static string Choice(string name, string label, IEnumerable<string> values) =>
        $"<label for=\"{name}\">{Escaped(label)}</label><select id=\"{name}\" name=\"{name}\">{string.Concat(values.Select(value => $"<option>{Escaped(value)}</option>"))}</select>";

    public async Task WriteAsync(HttpContext context, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = s_policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        // The address of the page may hold the link's token.
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex";
        await response.WriteAsync(ToHtml(), context.RequestAborted);
    }

    /// <summary>The page as a file has it.</summary>
    public string ToHtml() =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Escaped(title)}</title><style>{Style}</style></head>\n"
            + $"<body><h1>{Escaped(title)}</h1>\n{_html}</body></html>\n";

    private PageWriter Element(string name, string text)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<{name}>{Escaped(text)}</{name}>\n");
        return this;
    }

    /// <summary>What cannot be seen becomes visible, and nothing becomes markup. Line breaks of longer texts stay.</summary>
    private static string Escaped(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => HtmlEncoder.Default.Encode(VisibleText.Escaped(line))));
}
