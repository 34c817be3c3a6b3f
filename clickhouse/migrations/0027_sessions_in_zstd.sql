-- Sessions in ZSTD instead of LZ4 where a column names no codec: there are more of them than of any rollup's rows, and they take
-- 3.5 bytes an event instead of 5.0 at 3,000 events/s (docs/decisions/0014-bytes-on-disk.md). The other rollups stay in LZ4: they would be
-- hardly smaller, and a day of them is unpacked for every chart.
--
-- What is stored is compressed anew when it is merged; nothing is copied.
ALTER TABLE pulsehouse.sessions MODIFY SETTING default_compression_codec = 'ZSTD(1)';
