using System.Buffers;
using System.Globalization;
using System.Text;
using MySqlConnector;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// A statement of many rows. Numbers stand in the text, and so do texts that mean themselves wherever they are quoted; other texts and bytes are named parameters, each of
/// which costs the client several look-ups.
/// </summary>
internal sealed class SqlText
{
    /// <summary>No server takes one of these for an escape, whatever its SQL mode.</summary>
    private static readonly SearchValues<char> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-.:/+");

    private readonly StringBuilder _text = new();
    private readonly List<MySqlParameter> _parameters = [];

    /// <summary>Bytes of texts and parameters, about.</summary>
    public long Size { get; private set; }

    public int Rows { get; private set; }

    public SqlText Add(string sql)
    {
        _text.Append(sql);
        return this;
    }

    /// <summary>A row in parentheses, after a comma where it is not the first.</summary>
    public SqlText Row(params ReadOnlySpan<object?> values)
    {
        _text.Append(Rows++ == 0 ? "\n(" : ",\n(");
        for (var i = 0; i < values.Length; i++)
        {
            _text.Append(i == 0 ? "" : ", ");
            Value(values[i]);
        }

        _text.Append(')');
        return this;
    }

    public SqlText Value(object? value)
    {
        switch (value)
        {
            case null:
                _text.Append("NULL");
                break;
            case long or int:
                _text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case string text when !text.AsSpan().ContainsAnyExcept(s_plain):
                _text.Append('\'').Append(text).Append('\'');
                Size += text.Length;
                break;
            default:
                var name = $"@p{_parameters.Count}";
                _text.Append(name);
                _parameters.Add(new MySqlParameter(name, value));
                Size += value is byte[] bytes ? bytes.Length : ((string)value).Length;
                break;
        }

        return this;
    }

    public MySqlCommand ToCommand(MySqlConnection connection, MySqlTransaction? transaction)
    {
        var command = new MySqlCommand(_text.ToString(), connection, transaction);
        command.Parameters.AddRange(_parameters.ToArray());
        return command;
    }

    public override string ToString() => _text.ToString();
}
