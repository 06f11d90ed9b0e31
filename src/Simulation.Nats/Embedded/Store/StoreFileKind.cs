namespace Simulation.Nats.Embedded;

/// <summary>What a file of a stream's store is for.</summary>
public enum StoreFileKind
{
    /// <summary>Messages: <c>msgs/1.blk</c>, …</summary>
    Block,

    /// <summary>What is where in the blocks: <c>msgs/index.db</c>, and <c>*.idx</c> and <c>*.fss</c> before server 2.10.</summary>
    Index,

    /// <summary>Where consumers stand: <c>obs/&lt;consumer&gt;/o.dat</c>.</summary>
    Consumer,

    /// <summary>Definitions of the stream and its consumers: <c>meta.inf</c> and <c>meta.sum</c>.</summary>
    Meta,
}
