namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>The tenant is part of its key and of its alternate key.</summary>
public class Item
{
    public string Tenant { get; set; } = null!;

    public int Id { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Shares the row of its item.</summary>
public class ItemText
{
    public string Tenant { get; set; } = null!;

    public int Id { get; set; }

    public string? Text { get; set; }
}

/// <summary>Shared by tenants, who may write it.</summary>
public class Zone
{
    public int Id { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Refers to a row that all tenants share.</summary>
public class Rack
{
    public string Tenant { get; set; } = null!;

    public int Id { get; set; }

    public int ZoneId { get; set; }
}

/// <summary>Its owned part refers to an item.</summary>
public class Box
{
    public int Id { get; set; }

    public string Tenant { get; set; } = null!;

    public BoxContent Content { get; set; } = null!;
}

public class BoxContent
{
    public int ItemId { get; set; }
}
