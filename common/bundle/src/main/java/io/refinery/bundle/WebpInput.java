package io.refinery.bundle;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * The bytes of a WebP file. The library does not notice that a lossless image has ended: it makes
 * up bits, and with them up to 65,536 groups of codes, of 5 KiB each. No code takes {@value #MOST}
 * reads at the end, where at most 64 bits are left.
 */
final class WebpInput extends ImageInputStreamImpl {

  private static final int MOST = 4096;
  private static final String CODES =
      "com.twelvemonkeys.imageio.plugins.webp.lossless.HuffmanTable";

  private final byte[] bytes;
  private int readsAtEnd;
  private int readsOfCodes;

  /**
   * @param bytes not copied
   */
  WebpInput(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() throws IOException {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      readAtEnd();
      return -1;
    }
    return bytes[(int) streamPos++] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      readAtEnd();
      return -1;
    }
    int read = (int) Math.min(length, bytes.length - streamPos);
    System.arraycopy(bytes, (int) streamPos, target, offset, read);
    streamPos += read;
    return read;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  /** Pixels of one colour take no bits, so that any number of reads at the end is valid there. */
  private void readAtEnd() throws IOException {
    readsAtEnd++;
    if (readsAtEnd % MOST != 0 && readsOfCodes == 0) {
      return;
    }
    readsOfCodes = isReadingCodes() ? readsOfCodes + 1 : 0;
    if (readsOfCodes > MOST) {
      throw new IOException("the image ends early");
    }
  }

  private static boolean isReadingCodes() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(CODES)));
  }
}
