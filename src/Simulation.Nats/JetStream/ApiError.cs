using System.Text.Json;

namespace Simulation.Nats.JetStream;

/// <summary>The error object of a JetStream answer.</summary>
internal readonly record struct ApiError(int Code, int ErrorCode, string Description)
{
    public const int ConsumerNotFound = 10014;
    public const int MessageNotFound = 10037;
    public const int NotEnabledForAccount = 10039;
    public const int SequenceNotFound = 10043;
    public const int MessageTooLarge = 10054;
    public const int StreamNotFound = 10059;
    public const int NotEnabled = 10076;
    public const int ClusterNotAvailable = 10008;
    public const int ConsumerExists = 10148;
    public const int ConsumerDoesNotExist = 10149;

    /// <summary>JetStream itself is away, as opposed to refusing what was asked.</summary>
    public bool MeansUnavailable => ErrorCode is NotEnabled or NotEnabledForAccount or ClusterNotAvailable;

    public static ApiError Read(JsonElement error)
    {
        int code = error.TryGetProperty("code", out JsonElement value) ? value.GetInt32() : 0;
        int errorCode = error.TryGetProperty("err_code", out value) ? value.GetInt32() : code;
        string description = error.TryGetProperty("description", out value) ? value.GetString() ?? "" : "";
        return new ApiError(code, errorCode, description);
    }
}
