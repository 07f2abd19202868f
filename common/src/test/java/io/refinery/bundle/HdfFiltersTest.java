package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.filter.ByteShuffleFilter;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HdfFiltersTest {

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 9, 0, -1})
  void shufflesOfElementsThatDoNotFitTheChunkAreRefusedAtOnce(int elementSize) {
    FilterInfo shuffle =
        new FilterInfo(ByteShuffleFilter.ID, "shuffle", false, new int[] {elementSize});
    ByteBuffer message = FilterPipelineMessage.create(List.of(shuffle)).toBuffer();
    HdfFilters filters =
        HdfFilters.parse(Optional.of(message.rewind().order(ByteOrder.LITTLE_ENDIAN)));
    assertThatThrownBy(() -> filters.decode(new byte[8], new BitSet(), 8))
        .hasMessage("the shuffle settings do not fit the chunk");
  }
}
