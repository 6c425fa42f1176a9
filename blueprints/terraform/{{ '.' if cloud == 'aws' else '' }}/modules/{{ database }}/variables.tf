variable "name" {
  description = "Name of the instance and prefix of everything that belongs to it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name must be lower-case letters, digits and single hyphens, start with a letter and have at most 40 characters."
  }
}

variable "vpc_id" {
  description = "ID of the VPC that the database runs in."
  type        = string
}

variable "subnet_ids" {
  description = "IDs of database subnets in at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must hold subnets in at least two zones, as RDS asks for."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts storage, backups, logs, metrics and the master password."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that may open connections, by a name for the client."
  type        = map(string)
  default     = {}
}

variable "engine_version" {
  description = "PostgreSQL version; a major version alone (17) leaves the minor upgrades to the maintenance window."
  type        = string
  default     = "17"

  validation {
    condition     = can(regex("^1[4-8](\\.[0-9]+)?$", var.engine_version))
    error_message = "engine_version must be a PostgreSQL version from 14 to 18, such as 17 or 17.6."
  }
}

variable "instance_class" {
  description = "Instance class."
  type        = string
  default     = "db.t4g.medium"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "instance_class must be an RDS instance class such as db.t4g.medium."
  }
}

variable "allocated_storage" {
  description = "Storage in GiB to begin with."
  type        = number
  default     = 20

  validation {
    condition     = var.allocated_storage >= 20 && floor(var.allocated_storage) == var.allocated_storage
    error_message = "allocated_storage must be a whole number, 20 or more."
  }
}

variable "max_allocated_storage" {
  description = "Storage in GiB that RDS may grow the volume to; 0 keeps it from growing."
  type        = number
  default     = 100

  validation {
    condition     = var.max_allocated_storage == 0 || (var.max_allocated_storage > var.allocated_storage && floor(var.max_allocated_storage) == var.max_allocated_storage)
    error_message = "max_allocated_storage must be 0 or a whole number above allocated_storage."
  }
}

variable "multi_az" {
  description = "Keep a standby in a second zone."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Refuse to delete the instance."
  type        = bool
  default     = true
}

variable "backup_retention_days" {
  description = "Days that automated backups are kept, and so how far back the database can be restored to any second."
  type        = number
  default     = 30

  validation {
    condition     = var.backup_retention_days >= 7 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "backup_retention_days must be a whole number from 7 to 35."
  }
}

variable "database_name" {
  description = "Name of the first database."
  type        = string
  default     = "app"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name)) && !contains(["db", "postgres", "rdsadmin", "template0", "template1"], var.database_name)
    error_message = "database_name must be lower-case letters, digits and underscores, start with a letter and be none of PostgreSQL's or RDS's own names."
  }
}

variable "log_retention_days" {
  description = "Days that the database's logs are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs offers, such as 30, 90, 365 or 731."
  }
}

variable "tags" {
  description = "Tags added to every resource."
  type        = map(string)
  default     = {}
}
