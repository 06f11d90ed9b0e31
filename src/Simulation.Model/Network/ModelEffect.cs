namespace Simulation.Model;

/// <summary>What a fault did.</summary>
/// <param name="Count">Of what the text names; 0 when it did not bite.</param>
/// <param name="Text">In words.</param>
public readonly record struct ModelEffect(long Count, string Text);
