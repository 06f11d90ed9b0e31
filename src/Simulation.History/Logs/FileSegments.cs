using System.Globalization;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Simulation.History;

internal sealed class FileSegments(string folder) : ILogSegments
{
    public int Last => Numbers().DefaultIfEmpty(0).Max();

    public bool Exists(int number) => File.Exists(PathOf(number));

    public SegmentBuffer Append(Func<int, byte[]> header, int capacity)
    {
        Directory.CreateDirectory(folder);
        int number = Last + 1;
        return MappedSegment.Create(PathOf(number), header(number), capacity);
    }

    public SegmentSource? Open(int number)
    {
        string path = PathOf(number);
        try
        {
            return File.Exists(path) ? new FileSource(path) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // Compacted away between the two.
        }
    }

    public void DeleteBefore(int segment)
    {
        foreach (int number in Numbers().Where(number => number > 0 && number < segment).ToArray())
        {
            File.Delete(PathOf(number));
        }
    }

    private IEnumerable<int> Numbers() => !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.hist")
        .Select(path => int.TryParse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture, out int number) ? number : 0);

    private string PathOf(int number) => Path.Combine(folder, number.ToString("d6", CultureInfo.InvariantCulture) + ".hist");

    /// <summary>Reads by system calls and not by mapping: a mapping of a file that its writer cuts short would kill the reader.</summary>
    private sealed class FileSource(string path) : SegmentSource
    {
        private readonly SafeFileHandle _file =
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        public override string Name => path;

        public override long Length => RandomAccess.GetLength(_file);

        public override int Read(long offset, Span<byte> destination) => RandomAccess.Read(_file, destination, offset);

        public override void Dispose() => _file.Dispose();
    }

    private sealed unsafe class MappedSegment : SegmentBuffer
    {
        private readonly FileStream _file;
        private readonly MemoryMappedFile _mapping;
        private readonly MemoryMappedViewAccessor _view;

        private MappedSegment(FileStream file, MemoryMappedFile mapping, MemoryMappedViewAccessor view, byte* memory, int capacity)
            : base(memory, capacity) => (_file, _mapping, _view) = (file, mapping, view);

        /// <summary>Under another name until the header is in it; the room is claimed first, so that a full disk is an error here and not a signal later.</summary>
        public static MappedSegment Create(string path, byte[] header, int capacity)
        {
            string unfinished = path + ".new";
            FileStream file = new(unfinished, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                PreallocationSize = capacity,
            });
            MemoryMappedFile? mapping = null;
            MemoryMappedViewAccessor? view = null;
            try
            {
                mapping = MemoryMappedFile.CreateFromFile(file, null, capacity, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
                view = mapping.CreateViewAccessor(0, capacity);
                byte* memory = null;
                view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
                header.CopyTo(new Span<byte>(memory, header.Length));
                File.Move(unfinished, path, overwrite: false);
                return new MappedSegment(file, mapping, view, memory, capacity);
            }
            catch
            {
                view?.Dispose();
                mapping?.Dispose();
                file.Dispose();
                File.Delete(unfinished);
                throw;
            }
        }

        protected override void Release(int? length)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _mapping.Dispose();
            if (length is int keep)
            {
                _file.SetLength(keep);
            }

            _file.Dispose();
        }
    }
}
