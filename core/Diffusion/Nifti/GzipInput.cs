using System.IO.Compression;

namespace Iqt.Diffusion;

/// <summary>
/// Decompression that notices any cut, one within gzip's last eight bytes (checksum and length) too, which
/// <see cref="GZipStream"/> lets pass. Behind the file's end the decompressor is given eight bytes 0xFF: after a whole
/// file it looks at them once, finds no further member and is content. In the place of missing bytes they don't fit
/// (a length whose highest byte is 0xFF is close to 4 GB), or it asks for more still, and that is the cut.
/// </summary>
internal static class GzipInput
{
    /// <summary>The decompressed bytes of a file; disposing closes it.</summary>
    public static Stream Open(Stream file) => new GZipStream(new Marked(file), CompressionMode.Decompress);

    private sealed class Marked(Stream file) : Stream
    {
        private const int Marks = 8;

        private bool _marked;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int found = file.Read(buffer);
            if (found > 0 || buffer.IsEmpty)
            {
                return found;
            }

            if (_marked || buffer.Length < Marks)
            {
                throw new InvalidDataException("the compressed data ends early");
            }

            _marked = true;
            buffer[..Marks].Fill(0xff);
            return Marks;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
