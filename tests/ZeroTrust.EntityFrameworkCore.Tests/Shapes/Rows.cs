namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>A row of a tenant.</summary>
public class Product
{
    public int Id { get; set; }

    public string Tenant { get; set; } = null!;

    public string Name { get; set; } = "";

    public int? CategoryId { get; set; }
}

/// <summary>A row of a tenant with parts.</summary>
public class Purchase
{
    public int Id { get; set; }

    public string Tenant { get; set; } = null!;

    public PurchaseLine? Line { get; set; }

    public List<PurchaseLine> Lines { get; } = [];
}

public class PurchaseLine
{
    public int ProductId { get; set; }

    public string Text { get; set; } = "";
}

/// <summary>The other half of a product's row.</summary>
public class ProductText
{
    public int Id { get; set; }

    public string? Text { get; set; }
}

/// <summary>A row that is the same for all.</summary>
public class Category
{
    public int Id { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Refers to a category.</summary>
public class Shelf
{
    public int Id { get; set; }

    public int? CategoryId { get; set; }
}
