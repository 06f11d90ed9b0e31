using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Simulation.EndToEnd.Tests.Process;

/// <summary>
/// What a strict profile of a container does: the kernel refuses one signal, whoever sends it. The filter is that of one thread, and of the
/// processes which that thread starts. Linux only.
/// </summary>
internal static class SignalFilter
{
    private const int NoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const int FilterMode = 2;

    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint CallNumber = 0;
    private const uint SecondArgument = 24;
    private const uint Allow = 0x7FFF0000;
    private const uint NotPermitted = 0x00050001;

    /// <summary>Runs this where the signal is refused, from within and to whatever it starts.</summary>
    public static T Without<T>(Signal signal, Func<T> start)
    {
        uint? kill = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 62,
            Architecture.Arm64 => 129,
            _ => null,
        };
        Skip.If(!OperatingSystem.IsLinux() || kill is null, "the number of the system call kill is known for Linux on x64 and arm64 only");

        T? result = default;
        string? refusal = null;
        var thread = new Thread(() =>
        {
            refusal = Forbid(kill!.Value, (uint)signal);
            result = refusal is null ? start() : default;
        });
        thread.Start();
        thread.Join();
        Skip.If(refusal is not null, $"no seccomp filter can be set here: {refusal}");
        return result!;
    }

    /// <returns>Why not; null when it is done.</returns>
    private static string? Forbid(uint kill, uint signal)
    {
        Instruction[] filter =
        [
            new(Load, 0, 0, CallNumber),
            new(JumpIfEqual, 0, 3, kill),
            new(Load, 0, 0, SecondArgument),
            new(JumpIfEqual, 0, 1, signal),
            new(Return, 0, 0, NotPermitted),
            new(Return, 0, 0, Allow),
        ];
        GCHandle pinned = GCHandle.Alloc(filter, GCHandleType.Pinned);
        try
        {
            var program = new Program { Length = (ushort)filter.Length, Instructions = pinned.AddrOfPinnedObject() };
            return ControlProcess(NoNewPrivileges, 1, 0, 0, 0) == 0 && SetFilter(SetSeccomp, FilterMode, ref program, 0, 0) == 0
                ? null
                : new Win32Exception(Marshal.GetLastPInvokeError()).Message;
        }
        finally
        {
            pinned.Free();
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int ControlProcess(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int SetFilter(int option, nuint mode, ref Program program, nuint argument4, nuint argument5);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte JumpIfTrue, byte JumpIfFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public nint Instructions;
    }
}
